/** Bars of a waveform, whatever the sermon's length: about one for each pixel of a wide player. */
export const PEAK_COUNT = 1800;

/** Fine bins held at most; beside them memory stays flat, however long the sermon is. */
const MOST_BINS = 32 * PEAK_COUNT;

/** Samples of a bin at first. */
const FIRST_BIN_SAMPLES = 16;

/**
 * Gathers the loudest samples of a recording whose length is not known beforehand: in fine bins, of which neighbours are
 * joined each time that they become too many.
 */
export class PeakGatherer {
  #bins = new Float32Array(MOST_BINS);
  #count = 0;
  #binSamples = FIRST_BIN_SAMPLES;
  #peak = 0;
  #samplesInBin = 0;

  /** Adds samples, 1 being full scale. */
  add(samples: Float32Array): void {
    for (const sample of samples) {
      const size = sample < 0 ? -sample : sample;
      if (size > this.#peak) this.#peak = size;
      this.#samplesInBin += 1;
      if (this.#samplesInBin === this.#binSamples) this.#closeBin();
    }
  }

  /** `PEAK_COUNT` peaks of equal parts of what was added, each 0 to 255, 255 being full scale. */
  peaks(): number[] {
    const bins = [...this.#bins.subarray(0, this.#count), ...(this.#samplesInBin > 0 ? [this.#peak] : [])];
    return Array.from({ length: PEAK_COUNT }, (_, index) => {
      const first = Math.floor((index * bins.length) / PEAK_COUNT);
      const end = Math.max(first + 1, Math.floor(((index + 1) * bins.length) / PEAK_COUNT));
      const peak = Math.max(0, ...bins.slice(first, end));
      return Math.round(255 * Math.min(1, peak));
    });
  }

  #closeBin(): void {
    this.#bins[this.#count] = this.#peak;
    this.#count += 1;
    this.#peak = 0;
    this.#samplesInBin = 0;
    if (this.#count < MOST_BINS) return;
    for (let index = 0; index < MOST_BINS / 2; index += 1) {
      this.#bins[index] = Math.max(this.#bins[2 * index] ?? 0, this.#bins[2 * index + 1] ?? 0);
    }
    this.#count = MOST_BINS / 2;
    this.#binSamples *= 2;
  }
}
