namespace Provenance.Kernel.Tests.Pinning;

/// <summary>Programs whose last digits depend on the code that libraries choose by the processor. Each prints a line for each routine.</summary>
internal static class DigitsPrograms
{
    private const string Hash = """
        #include <stdio.h>
        #include <string.h>
        static unsigned long long h;
        static void begin(void) { h = 1469598103934665603ull; }
        static void add(double v) { unsigned long long b; memcpy(&b, &v, 8); h = (h ^ b) * 1099511628211ull; }
        static void tell(const char *n) { printf("%s %llx\n", n, h); }

        """;

    /// <summary>26 functions.</summary>
    public const string Libm = Hash + """
        #include <math.h>
        #define F(f) { begin(); for (int i = 1; i < 20000; i++) add(f(i * 0.000137)); tell(#f); }
        #define G(f) { begin(); for (int i = 1; i < 20000; i++) add(f(i * 0.000137, 1.7)); tell(#f); }
        int main(void) { F(sin) F(cos) F(tan) F(asin) F(acos) F(atan) F(sinh) F(cosh) F(tanh) F(exp) F(exp2) F(expm1) F(log) F(log2)
          F(log10) F(log1p) F(erf) F(erfc) F(tgamma) F(lgamma) F(j0) F(y0) F(cbrt) G(pow) G(atan2) G(hypot) return 0; }
        """;

    /// <summary>Five routines of OpenBLAS, on one thread.</summary>
    public const string Blas = Hash + """
        #include <math.h>
        double ddot_(int *, double *, int *, double *, int *);
        void dgemm_(char *, char *, int *, int *, int *, double *, double *, int *, double *, int *, double *, double *, int *);
        void dgemv_(char *, int *, int *, double *, double *, int *, double *, int *, double *, double *, int *);
        void dpotrf_(char *, int *, double *, int *, int *);
        void dtrsm_(char *, char *, char *, char *, int *, int *, double *, double *, int *, double *, int *);
        #define N 150
        static double a[N * N], b[N * N], c[N * N], x[N], y[N];
        static void all(double *v, int n, const char *name) { begin(); for (int i = 0; i < n; i++) add(v[i]); tell(name); }
        int main(void) {
          int n = N, one = 1, m = N * N, info; double r = 1, z = 0;
          for (int i = 0; i < m; i++) { a[i] = sqrt(i + 2.0) - (int)sqrt(i + 2.0) - 0.5; b[i] = 1.0 / (i + 3); }
          for (int i = 0; i < n; i++) x[i] = 1.0 / (i + 7);
          double d = ddot_(&m, a, &one, b, &one); all(&d, 1, "ddot");
          dgemm_("N", "N", &n, &n, &n, &r, a, &n, b, &n, &z, c, &n); all(c, m, "dgemm");
          dgemv_("N", &n, &n, &r, a, &n, x, &one, &z, y, &one); all(y, n, "dgemv");
          dgemm_("T", "N", &n, &n, &n, &r, a, &n, a, &n, &z, c, &n);
          for (int i = 0; i < n; i++) c[i * n + i] += n;
          dpotrf_("L", &n, c, &n, &info); all(c, m, "dpotrf");
          dtrsm_("L", "L", "N", "N", &n, &n, &r, c, &n, b, &n); all(b, m, "dtrsm");
          return info; }
        """;

    /// <summary>Plans by estimate, which does not depend on what time it is.</summary>
    public const string Fftw = Hash + """
        #include <fftw3.h>
        static void one(int n) { char name[16];
          fftw_complex *in = fftw_malloc(n * sizeof *in), *out = fftw_malloc(n * sizeof *out);
          fftw_plan p = fftw_plan_dft_1d(n, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
          for (int i = 0; i < n; i++) { in[i][0] = 1.0 / (i + 3); in[i][1] = 1.0 / (i + 11); }
          fftw_execute(p); begin(); for (int i = 0; i < n; i++) { add(out[i][0]); add(out[i][1]); }
          snprintf(name, sizeof name, "fft%d", n); tell(name); }
        int main(void) { one(64); one(1000); one(1024); one(4099); return 0; }
        """;

    /// <summary>What a compiler makes several copies of.</summary>
    public const string Clones = Hash + """
        #include <math.h>
        __attribute__((target_clones("default", "sse4.2", "avx2", "arch=haswell"), optimize("O3", "fast-math")))
        static double dot(const double *a, const double *b, int n) { double s = 0; for (int i = 0; i < n; i++) s += a[i] * b[i]; return s; }
        int main(void) { static double a[1003], b[1003]; for (int i = 0; i < 1003; i++) { a[i] = sqrt(i + 2.0); b[i] = 1.0 / (i + 3); }
          begin(); for (int n = 1; n < 1003; n++) add(dot(a, b, n)); tell("dot"); return 0; }
        """;

    public const string Python = """
        import math, struct, subprocess, sys
        def line(n, f): print(n, hex(hash(tuple(struct.unpack('<q', struct.pack('<d', f(i * 0.000137)))[0] for i in range(1, 3000)))))
        for n in ('sin', 'cos', 'tan', 'exp', 'log', 'atan', 'tanh', 'lgamma', 'erf'): line(n, getattr(math, n))
        """;

    public const string Numpy = """
        import hashlib, numpy as np
        x = np.linspace(0.001, 5, 20011); f = x.astype(np.float32)
        def line(n, a): print(n, hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()[:16])
        for n in ('exp', 'log', 'sin', 'cos', 'tan', 'sqrt', 'exp2', 'log2', 'log10', 'expm1', 'log1p', 'cbrt', 'arctan', 'arcsinh', 'sinh', 'cosh'):
            line(n, getattr(np, n)(x)); line(n + '32', getattr(np, n)(f))
        m = np.outer(np.sin(x[:200]), np.cos(x[:200]))
        line('tanh32', np.tanh(f)); line('pow', x ** 1.7); line('sum', x.sum()); line('dot', x.dot(x)); line('sort', np.sort(x)); line('cumsum', x.cumsum())
        line('matmul', m @ m); line('fft', np.fft.fft(x)); line('std', x.std()); line('inv', np.linalg.inv(m + np.eye(200) * 7)); line('hypot', np.hypot(x, f))
        """;

    /// <summary>The greatest error of NumPy's tanh in units of the last place, beside long double; <c>inf</c> where it gives no number.</summary>
    public const string Tanh = """
        import numpy as np
        x = np.linspace(0.001, 5, 20011); t = np.tanh(x.astype(np.longdouble))
        print(float(np.max(np.abs((np.tanh(x).astype(np.longdouble) - t) / np.spacing(t.astype(float))))) < 2)
        """;
}
