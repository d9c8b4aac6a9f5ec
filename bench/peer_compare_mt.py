"""Word buckets and n-gram differences of two systems by compare-mt's definitions (Neubig et al. 2019), in plain Python.

    python3 peer_compare_mt.py DIR [--json]

DIR holds tokenised lines: ref.txt, a.txt, b.txt, train.txt. Prints the seconds of each part, or the values themselves.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

FREQUENCIES = [1, 2, 3, 4, 5, 10, 100, 1000]
LENGTHS = [10, 20, 30, 40, 50, 60]


def bucket_of(value, cuts):
    return next((at for at, cut in enumerate(cuts) if value < cut), len(cuts))


def words_by_frequency(references, outputs, training):
    seen = Counter(word for sentence in training for word in sentence)
    sums = [[0, 0, 0] for _ in range(len(FREQUENCIES) + 1)]
    for reference, output in zip(references, outputs):
        in_reference, in_output = Counter(reference), Counter(output)
        for word in in_reference | in_output:
            own = sums[bucket_of(seen[word], FREQUENCIES)]
            own[0] += min(in_reference[word], in_output[word])
            own[1] += in_reference[word]
            own[2] += in_output[word]
    return [200 * both / (ref + out) if both else 0.0 for both, ref, out in sums]


def lengths(references):
    counts = [0] * (len(LENGTHS) + 1)
    for reference in references:
        counts[bucket_of(len(reference), LENGTHS)] += 1
    return counts


def ngrams(sentence):
    return Counter(tuple(sentence[at : at + n]) for n in range(1, 5) for at in range(len(sentence) - n + 1))


def matches(references, outputs):
    total = Counter()
    for reference, output in zip(references, outputs):
        total.update(ngrams(reference) & ngrams(output))
    return total


def ngram_ratios(references, a, b):
    of_a, of_b = matches(references, a), matches(references, b)
    return {
        " ".join(ngram): [of_a[ngram], of_b[ngram], (max(of_a[ngram], of_b[ngram]) + 1) / (of_a[ngram] + of_b[ngram] + 2)]
        for ngram in of_a | of_b
        if of_a[ngram] != of_b[ngram]
    }


def main():
    place = Path(sys.argv[1])
    read = lambda name: [line.split() for line in (place / name).read_text(encoding="utf-8").splitlines()]
    references, a, b, training = (read(f"{name}.txt") for name in ("ref", "a", "b", "train"))
    began = time.process_time()
    buckets = {
        "length": lengths(references),
        "frequency": [words_by_frequency(references, output, training) for output in (a, b)],
    }
    bucketed = time.process_time()
    ratios = ngram_ratios(references, a, b)
    ended = time.process_time()
    if "--json" in sys.argv:
        print(json.dumps({**buckets, "ngrams": ratios}, ensure_ascii=False))
    else:
        print(json.dumps({"buckets": bucketed - began, "ngrams": ended - bucketed}))


if __name__ == "__main__":
    main()
