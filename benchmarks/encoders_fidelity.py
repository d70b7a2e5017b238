"""How close a file is to the frames that went into it, as a viewer shows it, read by Pillow or FFmpeg."""

from __future__ import annotations

import av
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image

from xorviz.styles.color import oklab_from_srgb

_EVERY = 6
_WINDOW_PX = 7
_LUMA = np.array([0.2126, 0.7152, 0.0722])


def fidelity(frames, path, fps):
    """Measures of a file against its source.

    Args:
        frames (uint8 of shape (n, height_px, width_px, 4)): the source, at a constant rate.
        path: the file.
        fps: frames per second.

    Returns:
        dict: ``psnr_db``, the mean over all frames of the PSNR in RGB; ``ssim`` of luma and ``p99_oklab``, the 99th
        percentile of 100 × the distance in Oklab (2 can just be noticed), of every 6th frame; ``flicker_ppm``, of
        the pixels whose source did not change how many did, in millionths.
    """
    psnr, ssim, p99, n_still, n_flickering = [], [], [], 0, 0
    source_before = shown_before = None
    for i, shown in enumerate(_in_time(path, fps, len(frames))):
        source = frames[i, ..., :3]
        squared = (shown.astype(np.int16) - source).astype(np.float32) ** 2
        psnr.append(10 * np.log10(255**2 / max(float(squared.mean()), 1e-6)))
        if source_before is not None:
            still = (source == source_before).all(axis=-1)
            n_still += int(still.sum())
            n_flickering += int((still & (shown != shown_before).any(axis=-1)).sum())
        if i % _EVERY == 0:
            distance = np.linalg.norm(oklab_from_srgb(shown / 255) - oklab_from_srgb(source / 255), axis=-1)
            p99.append(100 * np.percentile(distance, 99))
            ssim.append(_ssim(shown @ _LUMA, source @ _LUMA))
        source_before, shown_before = source, shown
    return {
        "psnr_db": float(np.mean(psnr)),
        "ssim": float(np.mean(ssim)),
        "p99_oklab": float(np.mean(p99)),
        "flicker_ppm": 1e6 * n_flickering / max(n_still, 1),
    }


def _in_time(path, fps, n):
    """The RGB picture that is on the screen in the middle of each frame's time."""
    shown = _gif(path) if path.suffix == ".gif" else _video(path)
    picture, _ = next(shown)
    following, at_s = next(shown, (None, np.inf))
    for i in range(n):
        while at_s < (i + 0.5) / fps:
            picture = following
            following, at_s = next(shown, (None, np.inf))
        yield picture


def _gif(path):
    at_ms = 0
    with Image.open(path) as image:
        for i in range(image.n_frames):
            image.seek(i)
            yield np.asarray(image.convert("RGB")), at_ms / 1000
            at_ms += image.info["duration"]


def _video(path):
    """Pictures and when each begins; an untagged video is read as players guess."""
    with av.open(str(path)) as container:
        for picture in container.decode(video=0):
            is_709 = picture.colorspace == 1 or (picture.colorspace == 2 and picture.height >= 720)
            matrix = "itu709" if is_709 else "itu601"
            rgb = picture.reformat(format="rgb24", src_colorspace=matrix, interpolation="BICUBIC")
            yield rgb.to_ndarray(), picture.time


def _ssim(a, b):
    """Mean structural similarity of two luma planes in square windows of 7 pixels.

    References:
        Z. Wang et al., "Image quality assessment: from error visibility to structural similarity", IEEE Trans. Image
        Processing 13 (2004), equation 13; windows are even, not Gaussian.
    """
    mean_a, mean_b = _blurred(a), _blurred(b)
    variance_a = _blurred(a * a) - mean_a**2
    variance_b = _blurred(b * b) - mean_b**2
    covariance = _blurred(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return float(np.mean(alike / ((mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2))))


def _blurred(plane):
    for axis in (0, 1):
        plane = sliding_window_view(plane, _WINDOW_PX, axis=axis).mean(axis=-1)
    return plane
