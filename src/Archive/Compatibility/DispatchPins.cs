namespace Provenance.Archive.Compatibility;

/// <summary>Variables that make a library run code for one kind of processor, without looking at the one it is on.</summary>
/// <remarks>Source: OpenBLAS, driver/others/dynamic.c; PyTorch, aten/src/ATen/native/DispatchStub.cpp. MKL ignores what it cannot run.</remarks>
internal static class DispatchPins
{
    private static readonly string[] Avx = ["avx"];
    private static readonly string[] Avx2 = ["avx2", "fma"];
    private static readonly string[] Avx512 = ["avx512bw", "avx512dq", "avx512f", "avx512vl"];

    /// <summary>Whether a library has such a name, or stands in a folder of such a name, as Debian's alternatives do.</summary>
    internal static bool IsFor(string path) =>
        path.Contains("openblas", StringComparison.OrdinalIgnoreCase) || path.Contains("torch", StringComparison.OrdinalIgnoreCase);

    internal static IReadOnlyList<(string Variable, string Value, string[] Needed)> All { get; } =
    [
        ("OPENBLAS_CORETYPE", "Nehalem", ["sse4_2"]),
        ("OPENBLAS_CORETYPE", "Sandybridge", Avx),
        ("OPENBLAS_CORETYPE", "Bulldozer", ["avx", "fma4"]),
        ("OPENBLAS_CORETYPE", "Piledriver", ["avx", "fma"]),
        ("OPENBLAS_CORETYPE", "Steamroller", ["avx", "fma"]),
        ("OPENBLAS_CORETYPE", "Excavator", Avx2),
        ("OPENBLAS_CORETYPE", "Haswell", Avx2),
        ("OPENBLAS_CORETYPE", "Zen", Avx2),
        ("OPENBLAS_CORETYPE", "SkylakeX", Avx512),
        ("OPENBLAS_CORETYPE", "Cooperlake", [.. Avx512, "avx512_bf16"]),
        ("OPENBLAS_CORETYPE", "Sapphirerapids", [.. Avx512, "avx512_bf16"]),
        ("ATEN_CPU_CAPABILITY", "avx2", Avx2),
        ("ATEN_CPU_CAPABILITY", "avx512", Avx512),
    ];
}
