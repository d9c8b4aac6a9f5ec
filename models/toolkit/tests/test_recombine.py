import torch

from signwright_toolkit.model.example import Example
from signwright_toolkit.model.recombine import Recombiner
from signwright_toolkit.signer.clip import make_clips


def examples() -> list[Example]:
    """Clips whose features say which clip and frame they are of."""
    made = []
    for number, clip in enumerate(make_clips(4, {"train": 120})["train"]):
        performance = clip.performance()
        frames = len(performance.hands)
        spatial = torch.stack([torch.full((frames,), float(number)), torch.arange(frames).float()], 1)
        signs = [(i.gloss, i.first, i.last) for i in performance.intervals]
        made.append(
            Example(
                clip.id,
                spatial,
                torch.zeros((frames - 16) // 8 + 1, 3),
                clip.sentence.text,
                list(clip.sentence.glosses),
                signs,
            )
        )
    return made


def test_a_made_clip_shows_the_signs_of_its_sentence():
    clips = examples()
    made = Recombiner(clips, set(), 1).draw()
    seen = []
    for number, frame in made.spatial.int().tolist():
        for gloss, first, last in clips[number].signs:
            if first <= frame <= last and (not seen or seen[-1] != (number, gloss)):
                seen.append((number, gloss))
    assert [gloss for _, gloss in seen] == made.glosses
    assert len(made.motion) == (len(made.spatial) - 16) // 8 + 1


def test_forbidden_sentences_are_never_made():
    clips = examples()
    free = Recombiner(clips, set(), 1)
    first = free.draw().text
    assert all(Recombiner(clips, {first}, 1).draw().text != first for _ in range(3))


def test_a_made_clip_knows_where_its_signs_are():
    clips = examples()
    made = Recombiner(clips, set(), 1).draw()
    assert [gloss for gloss, _, _ in made.signs] == made.glosses
    for gloss, first, last in made.signs:
        (number, begin), (_, end) = made.spatial[first].int().tolist(), made.spatial[last].int().tolist()
        assert (gloss, begin, end) in clips[number].signs
