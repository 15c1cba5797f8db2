"""From faster-whisper's weights to openai-whisper's: the same numbers, bit for bit, under other names.

CTranslate2 keeps the projections of query, key and value in one matrix, one below the other; Whisper keeps three::

    self_attention/linear_0   [ query ]        attention/linear_0   [ query ]
                              [  key  ]        attention/linear_1   [  key  ]
                              [ value ]                             [ value ]

Whisper's key has no bias, so CTranslate2 fills in zeros; they are left out again.
"""

from __future__ import annotations

import mmap
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from iprkit.errors import ModelDamaged, ModelError

Tensors = dict[str, NDArray[Any]]

_TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}
_HEAD_WIDTH = 64  # of every Whisper model
_PLAIN = {
    "encoder.conv1": "encoder/conv1",
    "encoder.conv2": "encoder/conv2",
    "encoder.ln_post": "encoder/layer_norm",
    "decoder.ln": "decoder/layer_norm",
}
_SINGLE = {
    "encoder.positional_embedding": "encoder/position_encodings/encodings",
    "decoder.positional_embedding": "decoder/position_encodings/encodings",
    "decoder.token_embedding.weight": "decoder/embeddings/weight",
}


def convert(model_bin: Path, out: Path) -> None:
    """Write the weights of ``model_bin`` (CTranslate2) to ``out`` as ``whisper.load_model`` reads them.

    Raises ModelError where they are not a Whisper model's plain numbers, ModelDamaged where the file breaks off.
    """
    tensors = read_ct2(model_bin)
    try:
        checkpoint = _checkpoint(tensors)
    except KeyError as error:
        raise ModelError(f"{model_bin} is not a Whisper model: it has no {error}") from error
    torch.save(checkpoint, out)


def read_ct2(path: Path) -> Tensors:
    """Every tensor of a CTranslate2 Whisper file by its name there. Raises ModelError, ModelDamaged."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
            reader = _Reader(memory)
            reader.number("I")  # version of the layout
            kind = reader.text()
            if kind != "WhisperSpec":
                raise ModelError(f"{path} holds {kind!r}, not a Whisper model")
            reader.number("I")  # revision of the kind
            return dict(reader.tensor() for _ in range(reader.number("I")))
    except (struct.error, UnicodeDecodeError, ValueError, MemoryError) as error:
        raise ModelDamaged(f"{path} breaks off or is no CTranslate2 model: {error}") from error


class _Reader:
    """Numbers, texts and tensors, one after the other, little end first."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory, self._at = memory, 0

    def number(self, form: str) -> int:
        value = struct.unpack_from(f"<{form}", self._memory, self._at)[0]
        self._at += struct.calcsize(f"<{form}")
        return int(value)

    def text(self) -> str:
        """Its length with the closing zero, the bytes, the zero."""
        return self._bytes(self.number("H"))[:-1].decode()

    def tensor(self) -> tuple[str, NDArray[Any]]:
        name = self.text()
        shape = [self.number("I") for _ in range(self.number("B"))]
        kind, size = self.number("B"), self.number("I")
        if kind not in _TYPES:
            raise ModelError(f"the weights {name} are of kind {kind}; only plain float numbers can be converted")
        return name, np.frombuffer(bytearray(self._bytes(size)), _TYPES[kind]).reshape(shape)

    def _bytes(self, size: int) -> bytes:
        start, self._at = self._at, self._at + size
        if self._at > len(self._memory):
            raise ValueError(f"{size} bytes wanted at {start}, {len(self._memory) - start} left")
        return self._memory[start : self._at]


def _checkpoint(tensors: Tensors) -> dict[str, Any]:
    taking = _Taking(tensors)
    for ours, theirs in _PLAIN.items():
        taking.norm(ours, theirs) if "ln" in ours else taking.linear(ours, theirs)
    for ours, theirs in _SINGLE.items():
        taking.state[ours] = taking.tensor(theirs)
    for side in ("encoder", "decoder"):
        for layer in range(_layers(tensors, side)):
            _block(taking, f"{side}.blocks.{layer}", f"{side}/layer_{layer}", crossed=side == "decoder")
    taking.check_nothing_left()
    return {"dims": _dims(tensors), "model_state_dict": taking.state}


def _block(taking: _Taking, ours: str, theirs: str, crossed: bool) -> None:
    taking.attention(f"{ours}.attn", f"{theirs}/self_attention", ("query", "key", "value"))
    if crossed:
        taking.linear(f"{ours}.cross_attn.query", f"{theirs}/attention/linear_0")
        taking.attention(f"{ours}.cross_attn", f"{theirs}/attention", ("key", "value"), first=1)
    taking.norm(f"{ours}.mlp_ln", f"{theirs}/ffn/layer_norm")
    taking.linear(f"{ours}.mlp.0", f"{theirs}/ffn/linear_0")
    taking.linear(f"{ours}.mlp.2", f"{theirs}/ffn/linear_1")


class _Taking:
    """Whisper's tensors as they are taken out of CTranslate2's."""

    def __init__(self, tensors: Tensors) -> None:
        self._left = dict(tensors)
        self.state: dict[str, torch.Tensor] = {}

    def tensor(self, name: str) -> torch.Tensor:
        array = self._left.pop(name)
        if array.dtype.kind != "f":
            raise ModelError(f"the weights {name} were made smaller ({array.dtype}); only float16 and float32 convert")
        return torch.from_numpy(array)

    def linear(self, ours: str, theirs: str) -> None:
        self.state[f"{ours}.weight"] = self.tensor(f"{theirs}/weight")
        self.state[f"{ours}.bias"] = self.tensor(f"{theirs}/bias")

    def norm(self, ours: str, theirs: str) -> None:
        self.state[f"{ours}.weight"] = self.tensor(f"{theirs}/gamma")
        self.state[f"{ours}.bias"] = self.tensor(f"{theirs}/beta")

    def attention(self, ours: str, theirs: str, names: tuple[str, ...], first: int = 0) -> None:
        """The projections ``names`` that share the matrix ``linear_{first}``, the one after it, and the norm before."""
        self.norm(f"{ours}_ln", f"{theirs}/layer_norm")
        weights = self.tensor(f"{theirs}/linear_{first}/weight").chunk(len(names))
        biases = self.tensor(f"{theirs}/linear_{first}/bias").chunk(len(names))
        for name, weight, bias in zip(names, weights, biases, strict=True):
            self.state[f"{ours}.{name}.weight"] = weight.clone()
            if name != "key":
                self.state[f"{ours}.{name}.bias"] = bias.clone()
            elif bool(bias.any()):
                raise ModelError(f"{theirs} has a bias on its key, which Whisper has not")
        self.linear(f"{ours}.out", f"{theirs}/linear_{first + 1}")

    def check_nothing_left(self) -> None:
        """Settings are single numbers; a whole tensor left over means that this is another network."""
        left = sorted(name for name, array in self._left.items() if array.ndim)
        if left:
            raise ModelError(f"this is not Whisper's network: nothing takes the weights {', '.join(left[:3])}")


def _layers(tensors: Tensors, side: str) -> int:
    found = (re.match(rf"{side}/layer_(\d+)/", name) for name in tensors)
    return 1 + max((int(match[1]) for match in found if match), default=-1)


def _dims(tensors: Tensors) -> dict[str, int]:
    """The sizes that Whisper is built by, under its own names for them."""
    width, mels, _ = tensors["encoder/conv1/weight"].shape
    vocabulary, text_width = tensors["decoder/embeddings/weight"].shape
    return {
        "n_mels": mels,
        "n_audio_ctx": len(tensors["encoder/position_encodings/encodings"]),
        "n_audio_state": width,
        "n_audio_head": int(tensors.get("encoder/num_heads", np.asarray(width // _HEAD_WIDTH))),
        "n_audio_layer": _layers(tensors, "encoder"),
        "n_vocab": vocabulary,
        "n_text_ctx": len(tensors["decoder/position_encodings/encodings"]),
        "n_text_state": text_width,
        "n_text_head": int(tensors.get("decoder/num_heads", np.asarray(text_width // _HEAD_WIDTH))),
        "n_text_layer": _layers(tensors, "decoder"),
    }
