import numpy as np

from signwright_toolkit.frames import pose_labels, sign_labels
from signwright_toolkit.signer.choreography import HAND_FIELDS
from signwright_toolkit.signer.clip import frames_of, make_clips
from signwright_toolkit.text.grammar import all_glosses

CLIPS = make_clips(9, {"train": 12})["train"]


def test_signs_lie_inside_the_clip_in_order_and_apart():
    for clip in CLIPS:
        performance = clip.performance()
        assert [interval.gloss for interval in performance.intervals] == list(clip.sentence.glosses)
        ends = [-1]
        for interval in performance.intervals:
            assert ends[-1] < interval.first <= interval.last
            ends.append(interval.last)
        assert ends[-1] < len(performance.hands)


def test_a_clip_is_drawn_the_same_twice():
    first, second = (np.stack(list(frames_of(CLIPS[0], 64))) for _ in range(2))
    assert np.array_equal(first, second)
    assert first.shape[1:] == (64, 64, 3)


def test_the_picture_moves():
    frames = np.stack(list(frames_of(CLIPS[1], 64))).astype(int)
    assert np.abs(np.diff(frames, axis=0)).max() > 30


def test_a_small_picture_resembles_a_large_one():
    large, small = (next(iter(frames_of(CLIPS[2], size))).astype(float) for size in (384, 192))
    pooled = large.reshape(192, 2, 192, 2, 3).mean((1, 3))
    assert np.abs(pooled - small).mean() < 2.0


def test_labels_have_one_row_a_frame():
    performance = CLIPS[3].performance()
    frames = len(performance.hands)
    assert performance.hands.shape == (frames, 2, HAND_FIELDS)
    assert pose_labels(performance, CLIPS[3]).shape == (frames, 24)
    labels = sign_labels(performance, all_glosses())
    assert set(labels) - {0} == {all_glosses().index(gloss) + 1 for gloss in CLIPS[3].sentence.glosses}
