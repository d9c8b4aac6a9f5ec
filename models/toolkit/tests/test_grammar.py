from signwright_toolkit.config import CorpusConfig
from signwright_toolkit.signer.lexicon import SIGNS
from signwright_toolkit.text.grammar import all_glosses, split_sentences

SIZES = {"train": 300, "dev": 40, "test": 40}


def test_the_same_seed_gives_the_same_sentences():
    assert split_sentences(5, SIZES) == split_sentences(5, SIZES)


def test_another_seed_gives_other_sentences():
    assert split_sentences(5, SIZES)["train"] != split_sentences(6, SIZES)["train"]


def test_no_held_out_sentence_occurs_in_training():
    splits = split_sentences(CorpusConfig().seed, CorpusConfig().sizes)
    texts = {split: {sentence.text for sentence in sentences} for split, sentences in splits.items()}
    assert {split: len(found) for split, found in texts.items()} == CorpusConfig().sizes
    assert not texts["train"] & (texts["dev"] | texts["test"])
    assert not texts["dev"] & texts["test"]


def test_glosses_determine_the_sentence():
    sentences = {s.glosses: s.text for s in split_sentences(1, {"all": 1500})["all"]}
    assert len(sentences) == 1500


def test_sentences_are_lower_case_and_end_in_a_separate_full_stop():
    for sentence in split_sentences(2, {"all": 200})["all"]:
        assert sentence.text == sentence.text.lower()
        assert sentence.text.endswith(" .")
        assert "  " not in sentence.text


def test_every_gloss_has_a_sign():
    assert sorted(SIGNS) == all_glosses()


def test_no_two_signs_are_alike():
    assert len(set(SIGNS.values())) == len(SIGNS)
