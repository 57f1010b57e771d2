/* One call of a library that chooses its code by processor: -Dopenblas, -Dblis, -Dfftw3, -Dzstd or -Dcrypto. Prints whether it is right. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#if defined openblas || defined blis
#include <cblas.h>
static int right(void)
{
    double a[64 * 64], b[64 * 64], c[64 * 64] = {0};
    for (int i = 0; i < 64 * 64; i++) { a[i] = i % 7; b[i] = i % 5; }
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 64, 64, 64, 1, a, 64, b, 64, 0, c, 64);
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) {
            double sum = 0;
            for (int k = 0; k < 64; k++) sum += a[i * 64 + k] * b[k * 64 + j];
            if (fabs(sum - c[i * 64 + j]) > 1e-9) return 0;
        }
    return 1;
}
#elif defined fftw3
#include <fftw3.h>
static int right(void)
{
    static double x[1024];
    static fftw_complex y[513];
    fftw_plan there = fftw_plan_dft_r2c_1d(1024, x, y, FFTW_MEASURE), back = fftw_plan_dft_c2r_1d(1024, y, x, FFTW_MEASURE);
    for (int i = 0; i < 1024; i++) x[i] = i % 11;
    fftw_execute(there);
    fftw_execute(back);
    for (int i = 0; i < 1024; i++) if (fabs(x[i] / 1024 - i % 11) > 1e-9) return 0;
    return 1;
}
#elif defined zstd
#include <zstd.h>
static int right(void)
{
    static char text[100000], packed[200000], again[100000];
    for (int i = 0; i < 100000; i++) text[i] = "the quick brown fox"[i * i % 19];
    size_t size = ZSTD_compress(packed, sizeof packed, text, sizeof text, 7);
    return ZSTD_decompress(again, sizeof again, packed, size) == sizeof again && !memcmp(text, again, sizeof text);
}
#else
#include <openssl/evp.h>
static int right(void)
{
    static const unsigned char wanted[] = {0xba, 0x78, 0x16, 0xbf}; /* FIPS 180-4, SHA-256 of "abc" */
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size;
    return EVP_Digest("abc", 3, digest, &size, EVP_sha256(), 0) && !memcmp(digest, wanted, sizeof wanted);
}
#endif
int main(void)
{
    puts(right() ? "right" : "wrong");
    return 0;
}
