"""Wrote the files beside it, with PyTorch 2.13: python make_files.py FOLDER. What they hold is what weights_test.cpp expects."""
import collections
import sys

import torch

folder = sys.argv[1]
state = collections.OrderedDict()
state["a.weight"] = torch.arange(6, dtype=torch.float32).reshape(2, 3)
state["a.bias"] = torch.tensor([1.5, -2.5], dtype=torch.float64)
state["n"] = torch.tensor(7)
base = torch.arange(20, dtype=torch.float32).reshape(4, 5)
state["view"] = base[1:3, ::2]
state["t"] = base.t()
state["half"] = torch.tensor([0.5, 2.0], dtype=torch.float16)
state["bf"] = torch.tensor([0.5, 2.0], dtype=torch.bfloat16)
state["bool"] = torch.tensor([True, False])
state["p"] = torch.nn.Parameter(torch.ones(3))
torch.save(state, folder + "/state.pt")


class Odd:
    pass


torch.save({"epoch": 3, "state_dict": {"imu_encoder." + key: value for key, value in state.items()},
            "hyper_parameters": {"odd": Odd()}, "optimizer_states": [{"state": {}}]}, folder + "/light.ckpt")
torch.save({"model": state, "odd": Odd()}, folder + "/odd.pt")
torch.save(torch.nn.Linear(2, 3), folder + "/module.pt")
torch.save(state, folder + "/old.pth", _use_new_zipfile_serialization=False)
