// SHA-256 of a file of any size, piece by piece (FIPS 180-4). crypto.subtle.digest would need the whole file in memory, and https.
const K = new Uint32Array(64);
const H0 = new Uint32Array(8);
{
  // The constants are the first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4, sections 4.2.2 and 5.3.3).
  let count = 0;
  for (let n = 2; count < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) {
      if (n % d === 0) { prime = false; break; }
    }
    if (prime) {
      if (count < 8) { H0[count] = fraction(Math.sqrt(n)); }
      K[count++] = fraction(Math.cbrt(n));
    }
  }
}

function fraction(x) { return Math.floor((x - Math.floor(x)) * 4294967296) >>> 0; }

const W = new Uint32Array(64);

function compress(h, view, offset) {
  for (let i = 0; i < 16; i++) { W[i] = view.getUint32(offset + 4 * i); }
  for (let i = 16; i < 64; i++) {
    const a = W[i - 15], b = W[i - 2];
    W[i] = (W[i - 16] + W[i - 7] + ((a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ (a >>> 3)) + ((b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ (b >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, k] = h;
  for (let i = 0; i < 64; i++) {
    const t1 = (k + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const t2 = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
}

async function digest(file, tell) {
  const h = H0.slice();
  const rest = new Uint8Array(128);
  let held = 0, done = 0, told = 0;
  const reader = file.stream().getReader();
  for (;;) {
    const { value, done: end } = await reader.read();
    if (end) { break; }
    let at = 0;
    if (held > 0) {
      at = Math.min(64 - held, value.length);
      rest.set(value.subarray(0, at), held);
      held += at;
      if (held === 64) { compress(h, new DataView(rest.buffer), 0); held = 0; }
    }
    const view = new DataView(value.buffer, value.byteOffset, value.length);
    if (held === 0) {
      for (; at + 64 <= value.length; at += 64) { compress(h, view, at); }
      rest.set(value.subarray(at));
      held = value.length - at;
    }
    done += value.length;
    if (done - told > 4194304) { told = done; tell(done); }
  }
  rest.fill(0, held);
  rest[held] = 0x80;
  const last = held < 56 ? 64 : 128;
  const view = new DataView(rest.buffer);
  view.setUint32(last - 8, Math.floor(done / 536870912));
  view.setUint32(last - 4, (done * 8) >>> 0);
  for (let at = 0; at < last; at += 64) { compress(h, view, at); }
  return [...h].map((word) => word.toString(16).padStart(8, "0")).join("");
}

onmessage = async ({ data: file }) => {
  try {
    postMessage({ digest: await digest(file, (done) => postMessage({ done })) });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};
