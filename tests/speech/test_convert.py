"""A Whisper network of two-number width is written as CTranslate2 does, converted, and compared number by number."""

import struct
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest
import torch
import whisper
from numpy.typing import NDArray

from iprkit.errors import ModelDamaged, ModelError
from iprkit.speech.convert import convert, read_ct2
from iprkit.speech.models import find_model

Arrays = dict[str, NDArray[Any]]

WIDTH, MELS, AUDIO, TEXT, WORDS = 64, 80, 12, 6, 50


def network(width: int = WIDTH) -> Arrays:
    """One layer on each side, every number another one; the keys' biases are zero, as in every Whisper model."""
    shapes: dict[str, tuple[int, ...]] = {
        "encoder/conv1/weight": (width, MELS, 3),
        "encoder/conv1/bias": (width,),
        "encoder/conv2/weight": (width, width, 3),
        "encoder/conv2/bias": (width,),
        "encoder/position_encodings/encodings": (AUDIO, width),
        "decoder/position_encodings/encodings": (TEXT, width),
        "decoder/embeddings/weight": (WORDS, width),
    }
    for side in ("encoder", "decoder"):
        shapes |= norm(f"{side}/layer_norm", width) | layer(f"{side}/layer_0/self_attention", width, (3, 1))
        shapes |= norm(f"{side}/layer_0/ffn/layer_norm", width)
        shapes |= linear(f"{side}/layer_0/ffn/linear_0", 4 * width, width)
        shapes |= linear(f"{side}/layer_0/ffn/linear_1", width, 4 * width)
    shapes |= layer("decoder/layer_0/attention", width, (1, 2, 1))
    numbers = np.random.default_rng(7)
    arrays: Arrays = {name: numbers.normal(size=shape).astype("<f2") for name, shape in shapes.items()}
    for side in ("encoder", "decoder"):
        arrays[f"{side}/layer_0/self_attention/linear_0/bias"][width : 2 * width] = 0
        arrays[f"{side}/num_heads"] = np.asarray(2, "<i2")
    arrays["decoder/layer_0/attention/linear_1/bias"][:width] = 0
    return arrays


def norm(name: str, width: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}/gamma": (width,), f"{name}/beta": (width,)}


def linear(name: str, rows: int, columns: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}/weight": (rows, columns), f"{name}/bias": (rows,)}


def layer(name: str, width: int, matrices: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    shapes = norm(f"{name}/layer_norm", width)
    for index, high in enumerate(matrices):
        shapes |= linear(f"{name}/linear_{index}", high * width, width)
    return shapes


def write_ct2(file: Path, arrays: Arrays, kind: str = "WhisperSpec") -> Path:
    def text(words: str) -> bytes:
        return struct.pack("<H", len(words) + 1) + words.encode() + b"\0"

    kinds = {"<f4": 0, "|i1": 1, "<i2": 2, "<f2": 4}
    out = struct.pack("<I", 6) + text(kind) + struct.pack("<II", 3, len(arrays))
    for name, array in arrays.items():
        out += text(name) + struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
        out += struct.pack("<BI", kinds[array.dtype.str], array.nbytes) + array.tobytes()
    out += struct.pack("<I", 1) + text("decoder/projection/weight") + text("decoder/embeddings/weight")
    file.write_bytes(out)
    return file


def converted(folder: Path, arrays: Arrays) -> dict[str, Any]:
    convert(write_ct2(folder / "model.bin", arrays), folder / "out.pt")
    checkpoint: dict[str, Any] = torch.load(folder / "out.pt", weights_only=True)
    return checkpoint


def test_query_key_and_value_are_cut_out_of_the_shared_matrix(tmp_path: Path) -> None:
    arrays = network()
    state = converted(tmp_path, arrays)["model_state_dict"]
    shared = arrays["decoder/layer_0/self_attention/linear_0/weight"]
    for place, name in enumerate(("query", "key", "value")):
        rows = shared[place * WIDTH : (place + 1) * WIDTH]
        assert np.array_equal(state[f"decoder.blocks.0.attn.{name}.weight"].numpy(), rows)


def test_key_and_value_of_the_cross_attention_share_a_matrix_without_the_query(tmp_path: Path) -> None:
    arrays = network()
    state = converted(tmp_path, arrays)["model_state_dict"]
    query, shared = (arrays[f"decoder/layer_0/attention/linear_{index}/weight"] for index in (0, 1))
    assert np.array_equal(state["decoder.blocks.0.cross_attn.query.weight"].numpy(), query)
    assert np.array_equal(state["decoder.blocks.0.cross_attn.key.weight"].numpy(), shared[:WIDTH])
    assert np.array_equal(state["decoder.blocks.0.cross_attn.value.weight"].numpy(), shared[WIDTH:])


def test_the_dimensions_are_read_from_the_shapes(tmp_path: Path) -> None:
    assert converted(tmp_path, network())["dims"] == {
        "n_mels": MELS,
        "n_audio_ctx": AUDIO,
        "n_audio_state": WIDTH,
        "n_audio_head": 2,
        "n_audio_layer": 1,
        "n_vocab": WORDS,
        "n_text_ctx": TEXT,
        "n_text_state": WIDTH,
        "n_text_head": 2,
        "n_text_layer": 1,
    }


def test_whisper_takes_every_tensor_and_misses_none(tmp_path: Path) -> None:
    converted(tmp_path, network())
    model = whisper.load_model(str(tmp_path / "out.pt"), device="cpu")
    assert model.encoder.conv1.weight.shape == (WIDTH, MELS, 3)


def test_a_key_with_a_bias_is_refused(tmp_path: Path) -> None:
    arrays = network()
    arrays["encoder/layer_0/self_attention/linear_0/bias"][WIDTH] = 0.5
    with pytest.raises(ModelError, match="has a bias on its key"):
        converted(tmp_path, arrays)


def test_a_tensor_that_whisper_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing takes the weights encoder/extra"):
        converted(tmp_path, network() | {"encoder/extra": np.ones(3, "<f2")})


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    arrays = network()
    del arrays["decoder/layer_norm/gamma"]
    with pytest.raises(ModelError, match="it has no 'decoder/layer_norm/gamma'"):
        converted(tmp_path, arrays)


def test_weights_made_smaller_are_refused(tmp_path: Path) -> None:
    arrays = network() | {"encoder/conv1/weight": np.ones((WIDTH, MELS, 3), np.int8)}
    with pytest.raises(ModelError, match="encoder/conv1/weight were made smaller"):
        converted(tmp_path, arrays)


def test_another_kind_of_network_is_refused(tmp_path: Path) -> None:
    file = write_ct2(tmp_path / "model.bin", network(), kind="TransformerSpec")
    with pytest.raises(ModelError, match="holds 'TransformerSpec'"):
        read_ct2(file)


@pytest.mark.parametrize("kept", [0, 3, 40, 5_000])
def test_a_file_that_breaks_off_is_damaged(tmp_path: Path, kept: int) -> None:
    file = write_ct2(tmp_path / "model.bin", network())
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ModelDamaged, match="breaks off"):
        read_ct2(file)


@pytest.mark.weights
@pytest.mark.parametrize("name", ["tiny.en", "base"])
def test_the_real_weights_are_the_same_numbers_and_hear_the_same(tmp_path: Path, name: str) -> None:
    """Every number is there as often as before, and CTranslate2's own encoder agrees with Whisper's on the result."""
    source = find_model(name, "faster-whisper").path
    convert(source / "model.bin", tmp_path / "out.pt")
    model = whisper.load_model(str(tmp_path / "out.pt"), device="cpu").eval()
    state = torch.load(tmp_path / "out.pt", weights_only=True)["model_state_dict"]
    layers, width = model.dims.n_audio_layer + 2 * model.dims.n_text_layer, model.dims.n_audio_state
    before = sum(patterns(array) for array in read_ct2(source / "model.bin").values() if array.ndim)
    after = sum(patterns(tensor.numpy()) for tensor in state.values())
    after[0] += layers * width  # the zeros that stood for the keys' missing biases
    assert np.array_equal(before, after)

    sound = np.random.default_rng(1).normal(scale=0.1, size=480_000).astype(np.float32)
    mel = whisper.log_mel_spectrogram(sound)[None]
    with torch.inference_mode():
        ours = model.encoder(mel).numpy()
    original = ctranslate2.models.Whisper(str(source), compute_type="float32", intra_threads=1)
    theirs = np.asarray(original.encode(ctranslate2.StorageView.from_array(mel.numpy())))
    assert np.abs(ours - theirs).max() < 0.01 * np.abs(theirs).max()


def patterns(array: NDArray[Any]) -> NDArray[np.int64]:
    """How often each of the 65 536 half-precision numbers occurs."""
    return np.bincount(array.reshape(-1).view(np.uint16), minlength=1 << 16)
