using System.Text.RegularExpressions;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Which shared libraries decide how numbers come out, by their file names.</summary>
internal static partial class LibraryRoles
{
    private const string HwcapsFolder = "/glibc-hwcaps/";

    /// <summary>Null for a library that does not, and for what is none.</summary>
    /// <param name="path">Links resolved: names of alternatives often lead to one that tells more.</param>
    public static string? Of(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        if (!SharedObject().IsMatch(name))
        {
            return null;
        }

        return RoleOf(name) ?? (HwcapsOf(path) is null ? null : "variant");
    }

    /// <summary>Whether a library of this name computes on several threads when nobody says on how many.</summary>
    public static bool IsThreaded(string path) => Threaded().IsMatch(path[(path.LastIndexOf('/') + 1)..]);

    /// <summary>The variant by processor, such as <c>x86-64-v3</c>; null for the common one.</summary>
    public static string? HwcapsOf(string path)
    {
        int start = path.IndexOf(HwcapsFolder, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        string rest = path[(start + HwcapsFolder.Length)..];
        int end = rest.IndexOf('/', StringComparison.Ordinal);
        return end > 0 ? rest[..end] : null;
    }

    private static string? RoleOf(string name)
    {
        if (Blas().IsMatch(name))
        {
            return "blas";
        }

        if (Threads().IsMatch(name))
        {
            return "threads";
        }

        if (Fft().IsMatch(name))
        {
            return "fft";
        }

        if (Mathematics().IsMatch(name))
        {
            return "math";
        }

        if (Mpi().IsMatch(name))
        {
            return "mpi";
        }

        return Gpu().IsMatch(name) ? "gpu" : null;
    }

    [GeneratedRegex(@"\.so(\.|\z)|-[0-9.]+\.so\z")]
    private static partial Regex SharedObject();

    [GeneratedRegex(@"\Alib(scipy_)?(openblas|blas|cblas|lapack|lapacke|blis|flame|atlas|satlas|tatlas|mkl_|nvblas|armpl)")]
    private static partial Regex Blas();

    [GeneratedRegex(@"\Alib(gomp|iomp5|omp|tbb|tbbmalloc)[-.]")]
    private static partial Regex Threads();

    [GeneratedRegex(@"\Alib(fftw3|pocketfft|mkl_cdft)")]
    private static partial Regex Fft();

    [GeneratedRegex(@"\Alib(m|mvec|svml|quadmath|amdlibm|imf|mpfr|gsl)[-.]")]
    private static partial Regex Mathematics();

    [GeneratedRegex(@"\Alib(mpi|mpich|open-pal|open-rte|ucp)[-_.]")]
    private static partial Regex Mpi();

    [GeneratedRegex(@"\Alib(cuda|cudart|cublas|cublasLt|cudnn|cufft|cusolver|cusparse|amdhip64|rocblas|OpenCL)[-_.]")]
    private static partial Regex Gpu();

    [GeneratedRegex(@"\Alib((scipy_)?openblas|blis|mkl_(gnu_thread|intel_thread|tbb_thread|rt)|gomp|iomp5|omp|tbb|fftw3\w*_(omp|threads))")]
    private static partial Regex Threaded();
}
