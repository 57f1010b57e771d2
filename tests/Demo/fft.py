"""Spectrum of an electrocardiogram, and its strongest rhythm between 60 and 180 a minute. Writes results with numpy and as text."""

import numpy as np

RATE_HZ = 360.0  # of the MIT-BIH record 208 that SciPy ships

signal = np.loadtxt("ecg.csv")
window = np.hanning(signal.size)
spectrum = np.abs(np.fft.rfft((signal - signal.mean()) * window)) ** 2
frequency = np.fft.rfftfreq(signal.size, 1 / RATE_HZ)

band = (frequency > 1.0) & (frequency < 3.0)
strongest = frequency[band][spectrum[band].argmax()]
np.save("spectrum.npy", np.column_stack([frequency, spectrum]))
with open("rhythm.txt", "w", encoding="ascii") as out:
    print(f"{strongest * 60:.3f} per minute", file=out)
print(f"{signal.size} samples, {strongest * 60:.3f} per minute")
