"""Steps of training of the references' encoders in PyTorch beside our whole trainer (`train_bench`), on the same threads.

The encoders are written down here from the publications' descriptions (IMU2CLIP's MW2StackRNNPooling, PRIMUS' encoder); Adam,
cross-entropy over five classes, tensors in memory, as in the bare loop of train_bench. The rounds take turns.
usage: train_peers.py TRAIN_BENCH ROUNDS RESULTS
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import torch
from torch import nn

THREADS = int(os.environ.get("KINO_BENCH_THREADS", "2"))
torch.set_num_threads(THREADS)
STEPS = 8


class Block(nn.Module):
    def __init__(self, channels, kernel, pool):
        super().__init__()
        self.convolution = nn.Conv1d(channels, 32, kernel, dilation=2, bias=False)
        self.pool = pool

    def forward(self, x):
        return self.pool(self.convolution(x))


class StackedRnn(nn.Module):
    """Group norm, three dilated convolutions, group norm, GRU over [B, 32 channels, 32 positions] as it is."""

    def __init__(self, last_pool):
        super().__init__()
        self.layers = nn.Sequential(nn.GroupNorm(2, 6), Block(6, 10, nn.MaxPool1d(3)), Block(32, 5, nn.MaxPool1d(3)),
                                    Block(32, 5, last_pool), nn.GroupNorm(4, 32))
        self.rnn = nn.GRU(32, 512, batch_first=True)
        self.classifier = nn.Linear(512, 5)

    def forward(self, x):
        return self.classifier(self.rnn(self.layers(x))[1][0])


CASES = {"whole/0": ("MW2 32 x 6 x 1000", 32, 1000, lambda: nn.MaxPool1d(3)),
         "whole/1": ("PRIMUS 64 x 6 x 250", 64, 250, lambda: nn.AdaptiveAvgPool1d(32))}


def seconds_of(batch, length, pool):
    torch.manual_seed(1)
    model = StackedRnn(pool())
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-4)
    batches = [torch.randn(batch, 6, length) for _ in range(STEPS)]
    labels = torch.arange(batch) % 5
    shortest = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for each in batches:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(each), labels).backward()
            optimizer.step()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def ours(program):
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as results:
        environment = dict(os.environ, KINO_BENCH_RESULTS=results.name)
        command = [program, "--benchmark_filter=^whole/[01]/", "--benchmark_repetitions=3", "--benchmark_min_time=0.01"]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        times = [json.loads(line) for line in open(results.name)]
    return {entry["time"].split("/real_time")[0]: entry["ms"] / 1e3 for entry in times if "time" in entry}


def main():
    program, rounds, results = sys.argv[1:]
    peers, mine = {}, {}
    for _ in range(int(rounds)):
        for name, seconds in ours(program).items():
            mine[name] = min(mine.get(name, float("inf")), seconds)
        for name, (_, batch, length, pool) in CASES.items():
            peers[name] = min(peers.get(name, float("inf")), seconds_of(batch, length, pool))
    with open(results, "a") as out:
        for name, (title, batch, _, _) in CASES.items():
            rate = STEPS * batch / mine[name]
            print(f"trainer, {title}: {rate:.0f} windows/s, PyTorch {STEPS * batch / peers[name]:.0f}, {peers[name] / mine[name]:.2f} times as fast")
            entry = {"ratio": f"trainer, {title}, eight steps: against the reference's encoder in PyTorch {torch.__version__}, {THREADS} threads",
                     "ours_ms": mine[name] * 1e3, "peer_ms": peers[name] * 1e3, "times": peers[name] / mine[name], "at_least": None}
            out.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    main()
