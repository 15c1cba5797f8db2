"""What a voice sounds like, as 192 numbers: the CAM++ network, for telling the two people of a dyad apart.

Wang et al. (2023), "CAM++: A fast and efficient network for speaker verification using context-aware masking",
Interspeech, doi 10.21437/Interspeech.2023-1513. Only the forward pass, on weights that were trained elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as fn

from iprkit.errors import ModelDamaged
from iprkit.speech.fbank import BINS, FRAMES

_BLOCKS = ((12, 1), (24, 2), (16, 2))  # dense layers and their dilation, from the paper's table 1
_SECOND = 100  # frames whose mean is the context of the mask
_BATCH = 8  # more of them at a time leave the processor's cache
_EPS = 1e-5  # PyTorch's default for batch normalisation


class Voiceprints:
    """CAM++ with its weights from ``path``. Raises ModelDamaged where they are not those of CAM++.

    ``shared``: several threads ask at a time, so each is answered on one core; sharing cores would triple the work.
    """

    def __init__(self, path: Path, shared: bool = False) -> None:
        if shared:
            torch.set_num_threads(1)
        try:
            raw: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
            self._w = _folded(raw)
        except (UnpicklingError, KeyError, RuntimeError, OSError, EOFError, ValueError) as error:
            raise ModelDamaged(f"{path} does not hold the voice model CAM++; type: iprkit models fetch") from error

    def __call__(self, windows: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Unit vectors, shape (windows, 192), of windows of log mel energies; short ones are repeated to `FRAMES`."""
        out = []
        with torch.inference_mode():
            for start in range(0, len(windows), _BATCH):
                batch = np.stack([_sized(window) for window in windows[start : start + _BATCH]])
                out.append(self._forward(torch.from_numpy(batch)).numpy())
        return np.concatenate(out) if out else np.zeros((0, 192), np.float32)

    def _forward(self, x: Tensor) -> Tensor:
        x = self._head(x.transpose(1, 2).unsqueeze(1))
        x = fn.relu(self._conv(x, "xvector.tdnn", stride=2, padding=2))
        for block, (layers, dilation) in enumerate(_BLOCKS, 1):
            for layer in range(1, layers + 1):
                x = torch.cat([x, self._dense(x, f"xvector.block{block}.tdnnd{layer}", dilation)], 1)
            x = self._conv(fn.relu(self._norm(x, f"xvector.transit{block}")), f"xvector.transit{block}")
        x = fn.relu(self._norm(x, "xvector.out"))
        x = torch.cat([x.mean(-1), x.std(-1)], 1).unsqueeze(-1)
        return fn.normalize(self._conv(x, "xvector.dense").squeeze(-1), dim=1)

    def _head(self, x: Tensor) -> Tensor:
        """Two-dimensional convolutions that shrink 80 frequency bins to 10."""
        x = fn.relu(self._conv2(x, "head.conv1"))
        for layer in ("head.layer1", "head.layer2"):
            for block, stride in ((0, 2), (1, 1)):
                name = f"{layer}.{block}"
                straight = self._conv2(x, f"{name}.shortcut", stride, padding=0) if stride == 2 else x
                inner = fn.relu(self._conv2(x, f"{name}.conv1", stride))
                x = fn.relu(self._conv2(inner, f"{name}.conv2") + straight)
        return fn.relu(self._conv2(x, "head.conv2", 2)).flatten(1, 2)

    def _dense(self, x: Tensor, name: str, dilation: int) -> Tensor:
        """A bottleneck, and a convolution masked by its context: the mean of all and of each second."""
        x = fn.relu(self._conv(fn.relu(self._norm(x, name)), f"{name}.linear1"))
        local = self._conv(x, f"{name}.local", padding=dilation, dilation=dilation)
        context = x.mean(-1, keepdim=True) + fn.avg_pool1d(x, _SECOND, _SECOND, ceil_mode=True)
        mask = self._conv(fn.relu(self._conv(context, f"{name}.mask1")), f"{name}.mask2")
        return local * torch.sigmoid(mask).repeat_interleave(_SECOND, -1)[..., : x.shape[-1]]

    def _conv(self, x: Tensor, name: str, stride: int = 1, padding: int = 0, dilation: int = 1) -> Tensor:
        kernel, bias = self._w[name]
        if kernel.shape[-1] == 1:  # a matrix product is faster than a convolution of width one
            return torch.add(torch.matmul(kernel.squeeze(-1), x), bias[:, None])
        return fn.conv1d(x, kernel, bias, stride, padding, dilation)

    def _conv2(self, x: Tensor, name: str, stride: int = 1, padding: int = 1) -> Tensor:
        return fn.conv2d(x, *self._w[name], stride=(stride, 1), padding=padding)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        scale, shift = self._w[f"{name}.norm"]
        return torch.addcmul(shift[:, None], x, scale[:, None])


Pair = tuple[Tensor, Tensor]


def _folded(raw: dict[str, Tensor]) -> dict[str, Pair]:
    """Weights and biases by our names, with every batch normalisation that follows a convolution inside it."""
    w: dict[str, Pair] = {}
    for name in ("head.conv1", "head.conv2"):
        w[name] = _with_norm(raw, f"{name}.weight", name.replace("conv", "bn"))
    for layer in ("head.layer1", "head.layer2"):
        w[f"{layer}.0.shortcut"] = _with_norm(raw, f"{layer}.0.shortcut.0.weight", f"{layer}.0.shortcut.1")
        for block in (0, 1):
            for part in ("1", "2"):
                name = f"{layer}.{block}.conv{part}"
                w[name] = _with_norm(raw, f"{name}.weight", f"{layer}.{block}.bn{part}")
    for name in ("xvector.tdnn", "xvector.dense"):
        w[name] = _with_norm(raw, f"{name}.linear.weight", f"{name}.nonlinear.batchnorm")
    for number, (layers, _) in enumerate(_BLOCKS, 1):
        transit = f"xvector.transit{number}"
        w[f"{transit}.norm"] = _norm(raw, f"{transit}.nonlinear.batchnorm")
        w[transit] = _plain(raw, f"{transit}.linear")
        for depth in range(1, layers + 1):
            _fold_dense(raw, f"xvector.block{number}.tdnnd{depth}", w)
    w["xvector.out.norm"] = _norm(raw, "xvector.out_nonlinear.batchnorm")
    return w


def _fold_dense(raw: dict[str, Tensor], name: str, w: dict[str, Pair]) -> None:
    w[f"{name}.norm"] = _norm(raw, f"{name}.nonlinear1.batchnorm")
    w[f"{name}.linear1"] = _with_norm(raw, f"{name}.linear1.weight", f"{name}.nonlinear2.batchnorm")
    w[f"{name}.local"] = _plain(raw, f"{name}.cam_layer.linear_local")
    w[f"{name}.mask1"] = _plain(raw, f"{name}.cam_layer.linear1")
    w[f"{name}.mask2"] = _plain(raw, f"{name}.cam_layer.linear2")


def _norm(raw: dict[str, Tensor], name: str) -> Pair:
    """Scale and shift of a batch normalisation at rest."""
    mean, variance = raw[f"{name}.running_mean"], raw[f"{name}.running_var"]
    scale = raw.get(f"{name}.weight", torch.ones_like(mean)) / torch.sqrt(variance + _EPS)
    return scale, raw.get(f"{name}.bias", torch.zeros_like(mean)) - mean * scale


def _with_norm(raw: dict[str, Tensor], weight: str, norm: str) -> Pair:
    scale, shift = _norm(raw, norm)
    kernel = raw[weight]
    return kernel * scale.reshape(-1, *[1] * (kernel.dim() - 1)), shift


def _plain(raw: dict[str, Tensor], name: str) -> Pair:
    kernel = raw[f"{name}.weight"]
    return kernel, raw.get(f"{name}.bias", torch.zeros(kernel.shape[0]))


def _sized(window: NDArray[np.float32]) -> NDArray[np.float32]:
    repeated = np.resize(window, (FRAMES, BINS)) if len(window) < FRAMES else window[:FRAMES]
    return np.asarray(repeated - repeated.mean(0), np.float32)
