using System.Diagnostics;
using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Comparison;

/// <summary>What real programs write when they are run twice.</summary>
public sealed class RealProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The programs needed, a script that writes to $OUT with $RUN 1 and 2, the name of what it writes, and what is said of it.</summary>
    public static TheoryData<string, string, string, string> Scripts => new()
    {
        { "gzip", "echo same > f; touch -d 2020-01-0$RUN f; gzip f; mv f.gz $OUT", "f.gz", "SameContent gzip [gzip packing]" },
        { "bzip2", "seq 500000 | bzip2 -$RUN > $OUT", "f.bz2", "SameContent bzip2 [bzip2 packing]" },
        { "xz", "seq 1000 | xz -$RUN > $OUT", "f.xz", "SameContent xz [xz packing]" },
        { "zstd", "seq 100000 | zstd -q -$RUN > $OUT", "f.zst", "SameContent zstd [zstd packing]" },
        { "tar", "seq 9 > f; touch -d 2020-01-0$RUN f; tar -cf $OUT f", "f.tar", "SameContent tar [tar packing, tar times]" },
        { "tar gzip", "seq 9 > f; touch -d 2020-01-0$RUN f; tar -czf $OUT f", "f.tar.gz", "SameContent gzip of tar [tar packing, tar times]" },
        {
            "samtools",
            "printf '@SQ\\tSN:1\\tLN:100\\nr1\\t0\\t1\\t1\\t60\\t4M\\t*\\t0\\t0\\tACGT\\tIIII\\n' > f$RUN.sam; samtools view -b -o $OUT f$RUN.sam",
            "f.bam",
            "SameContent bam [gzip packing, sam @PG]"
        },
        {
            "bcftools",
            "printf '##fileformat=VCFv4.2\\n##contig=<ID=1>\\n#CHROM\\tPOS\\tID\\tREF\\tALT\\tQUAL\\tFILTER\\tINFO\\n1\\t5\\t.\\tA\\tC\\t.\\t.\\t.\\n' > f$RUN.vcf;"
            + "bcftools view -o $OUT f$RUN.vcf",
            "f.vcf",
            "SameContent text [vcf header]"
        },
        {
            "bcftools",
            "printf '##fileformat=VCFv4.2\\n##contig=<ID=1>\\n#CHROM\\tPOS\\tID\\tREF\\tALT\\tQUAL\\tFILTER\\tINFO\\n1\\t5\\t.\\tA\\tC\\t.\\t.\\t.\\n' > f$RUN.vcf;"
            + "bcftools view -Ob -o $OUT f$RUN.vcf",
            "f.bcf",
            "SameContent bcf [gzip packing, vcf header]"
        },
        { "numpy", "python3 -c \"import numpy; numpy.save('$OUT', numpy.arange(6.) + $RUN)\"", "f.npy", "Differs npy [npy header]" },
        { "numpy", "python3 -c \"import numpy; numpy.save('$OUT', numpy.arange(6., dtype=['<f8','>f8'][$RUN - 1]))\"", "f.npy", "SameContent npy [npy byte order]" },
        { "numpy", "python3 -c \"import numpy; [numpy.savez, numpy.savez_compressed][$RUN - 1]('$OUT', a=numpy.arange(3), b=numpy.ones(2))\"", "f.npz", "SameContent npz [zip packing]" },
        { "numpy", "python3 -c \"import numpy; numpy.savez_compressed('$OUT', a=numpy.arange(3.) + 1e-9 * $RUN)\"", "f.npz", "Differs npz [npy header, zip packing]" },
        { "h5py h5diff", "python3 -c \"import h5py; f = h5py.File('$OUT', 'w', libver=['earliest','latest'][$RUN - 1]); f['x'] = [1., 2.]\"", "f.h5", "SameContent hdf5 [hdf5 layout]" },
        { "h5py h5diff", "python3 -c \"import h5py; f = h5py.File('$OUT', 'w'); f['x'] = [1., 2. + $RUN]\"", "f.h5", "Differs hdf5" },
        { "h5py h5diff", "python3 -c \"import h5py; f = h5py.File('$OUT', 'w'); f['x'] = range($RUN)\"", "f.h5", "Differs hdf5" },
        { "ncgen", Netcdf("double x(t);", "x = 1, 2, 3;", "-k $(echo 1 2 | cut -d' ' -f $RUN)"), "f.nc", "SameContent netcdf [netcdf layout]" },
        { "ncgen", Netcdf("double x(t);", "x = 1, 2, 3;", "-k $(echo 2 5 | cut -d' ' -f $RUN)"), "f.nc", "SameContent netcdf [netcdf layout]" },
        { "ncgen", Netcdf("short a(t); :history = \"2026-01-0$RUN 03:04:05 made\";", "a = 1, 2, 3;"), "f.nc", "SameContent netcdf [netcdf attribute times, netcdf layout]" },
        { "ncgen", Netcdf("char c(t); :title = \"run $RUN\";", "c = \"abc\";"), "f.nc", "Differs netcdf" },
        { "ncgen", Netcdf("byte a(t); float b(t, n); int s;", "a = 1, 2, 3; b = 1, 2, 3, 4, 5, 6$RUN; s = 7;"), "f.nc", "Differs netcdf [netcdf layout]" },
        { "ncgen", Netcdf("char c(t, n);", "c = \"ab\", \"cd\", \"e$RUN\";"), "f.nc", "Differs netcdf" },
        { "ncgen", Netcdf("double x(t); x:scale = $RUN.;", "x = 1, 2, 3;"), "f.nc", "Differs netcdf [netcdf layout]" },
        { "ncgen", Netcdf("double x$RUN(t);", "x$RUN = 1, 2, 3;"), "f.nc", "Differs netcdf" },
    };

    /// <summary>Writes a file with a record dimension t of three and a dimension n of two.</summary>
    private static string Netcdf(string variables, string data, string options = "") =>
        $"cat > f.cdl <<E\nnetcdf f {{ dimensions: t = UNLIMITED; n = 2; variables: {variables} data: {data} }}\nE\nncgen {options} -o $OUT f.cdl";

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_second_run_is_told_from_another_result(string needed, string script, string name, string expected)
    {
        foreach (string program in needed.Split(' '))
            Assert.SkipUnless(IsThere(program), $"{program} is not installed");
        byte[] then = Run(script, name, 1);
        byte[] now = Run(script, name, 2);
        Assert.SkipWhen(then.AsSpan().SequenceEqual(now), $"{needed}: wrote the same bytes twice");

        Assert.Equal(expected, Compared.Of(name, then, now).Words());
    }

    [Fact]
    public void H5diff_gets_the_tolerance()
    {
        Assert.SkipUnless(IsThere("h5py") && IsThere("h5diff"), "h5py or h5diff is not installed");
        const string Script = "python3 -c \"import h5py; f = h5py.File('$OUT', 'w'); f['x'] = [1., 2. + 1e-9 * $RUN]\"";
        byte[] then = Run(Script, "f.h5", 1);
        byte[] now = Run(Script, "f.h5", 2);

        Assert.Equal(ComparisonResult.WithinTolerance, Compared.Of("f.h5", then, now, atol: 1e-6).Result);
        Assert.Equal(ComparisonResult.WithinTolerance, Compared.Of("f.h5", then, now, rtol: 1e-6).Result);
        Assert.Equal(ComparisonResult.Differs, Compared.Of("f.h5", then, now, rtol: 1e-12).Result);
        Assert.Contains("h5diff is not installed", Compared.Of("f.h5", then, now, toolPath: "/nowhere").Note);
    }

    [Fact]
    public void H5diff_that_hangs_is_ended()
    {
        string program = Path.Combine(_folder.Path, "h5diff");
        Assert.Equal(0, Shell($"printf '#!/bin/sh\necho begins\nexec sleep 120\n' > '{program}' && chmod +x '{program}'"));
        var context = new ComparisonContext { Folder = _folder.Path, Budget = new ExpansionBudget(1L << 30), ToolPath = _folder.Path };
        var comparer = new HdfComparer(TimeSpan.FromSeconds(1));
        var watch = Stopwatch.StartNew();

        var e = Assert.Throws<UnreadableContentException>(
            () => comparer.Compare(new ComparedContent("f.h5", new MemoryStream([1])), new ComparedContent("f.h5", new MemoryStream([2])), context));

        Assert.StartsWith("h5diff took longer than", e.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private bool IsThere(string what) => what switch
    {
        "numpy" or "h5py" => Shell($"python3 -c 'import {what}'") == 0,
        _ => Shell($"command -v {what}") == 0,
    };

    private byte[] Run(string script, string name, int run)
    {
        string output = Path.Combine(_folder.Path, $"{run}-{name}");
        Assert.Equal(0, Shell($"export OUT='{output}' RUN={run}; {script}"));
        return File.ReadAllBytes(output);
    }

    // Debian's own python3 has the Debian packages.
    private int Shell(string script)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-ec", script]) { WorkingDirectory = _folder.Path, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = "/usr/bin:/bin";
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
