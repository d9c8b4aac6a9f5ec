import random

import torch

from signwright_toolkit.model.attention import attention_loss
from signwright_toolkit.text.grammar import make_sentence
from signwright_toolkit.text.words import SIGN_OF_WORD, signed_words


def test_every_sign_but_a_conjunction_has_its_word():
    rng = random.Random(3)
    for _ in range(500):
        sentence = make_sentence(rng)
        found = {place for _, place in signed_words(sentence.text.split(), list(sentence.glosses))}
        missing = {gloss for place, gloss in enumerate(sentence.glosses) if place not in found}
        assert missing <= {"UND"}, (sentence, missing)


def test_a_word_that_occurs_twice_belongs_to_two_signs():
    words, glosses = "am abend wird es kalt und dann wird es nass .".split(), "ABEND KALT WERDEN DANN NASS WERDEN".split()
    assert [place for at, place in signed_words(words, glosses) if words[at] == "wird"] == [2, 5]


def test_a_word_without_a_sign_in_the_clip_belongs_to_none():
    assert signed_words(["regen"], ["SCHNEE"]) == [] and SIGN_OF_WORD["regen"] == "REGEN"


def test_attention_inside_of_the_sign_costs_nothing_and_outside_much():
    inside, outside = torch.zeros(1, 1, 1, 20), torch.zeros(1, 1, 1, 20)
    inside[..., 5], outside[..., 15] = 1, 1
    loss = [float(attention_loss((layer,), [[(0, 24, 34)]], [92])) for layer in (inside, outside)]
    assert loss[0] < 0.01 and loss[1] > 5
