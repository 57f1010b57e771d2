using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares HDF5 and NetCDF-4 by h5diff, where that is installed.</summary>
/// <remarks>
/// h5diff's tolerances are element by element: with both given, values must be within one of them everywhere, which is stricter than
/// their sum. It says of objects that it cannot compare only that there are some, with exit status 0: they differ.
/// </remarks>
/// <param name="patience">How long h5diff may take.</param>
internal sealed class HdfComparer(TimeSpan patience) : IContentComparer
{
    private const int SameExit = 0;
    private const int DiffersExit = 1;
    private const int MaxOutputCharacters = 4096;

    private static readonly byte[] Magic = [0x89, .. "HDF\r\n\u001a\n"u8];

    public HdfComparer()
        : this(TimeSpan.FromMinutes(10))
    {
    }

    public string Kind => "hdf5";

    /// <summary>A user block of 512 bytes, or a larger power of two, may stand before it.</summary>
    public bool Recognises(ReadOnlySpan<byte> head, string name)
    {
        for (int offset = 0; offset < head.Length; offset = offset == 0 ? 512 : offset * 2)
        {
            if (head[offset..].StartsWith(Magic))
            {
                return true;
            }
        }

        return false;
    }

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        string program = Find("h5diff", context.ToolPath)
            ?? throw new UnreadableContentException("h5diff is not installed (Debian: hdf5-tools)");
        using var thenFile = OnDisk(then, context);
        using var nowFile = OnDisk(now, context);
        var (exit, output) = Run(program, [], thenFile, nowFile);
        if (exit == SameExit)
        {
            return IsWhole(output)
                ? Likeness.SameContent(Kind, "hdf5 layout")
                : Likeness.Differs(Kind, "h5diff: some objects are not comparable");
        }

        foreach (string[] tolerance in Tolerances(context.Tolerance))
        {
            var (allowed, said) = Run(program, tolerance, thenFile, nowFile);
            if (allowed == SameExit && IsWhole(said))
            {
                return new Likeness { Result = ComparisonResult.WithinTolerance, Kind = Kind, Note = $"h5diff {string.Join(' ', tolerance)}" };
            }
        }

        return Likeness.Differs(Kind, $"h5diff: {Summary(output)}");
    }

    private static IEnumerable<string[]> Tolerances(NumberTolerance? tolerance)
    {
        if (tolerance is { Absolute: > 0 } absolute)
        {
            yield return ["-d", absolute.Absolute.ToString("R", CultureInfo.InvariantCulture)];
        }

        if (tolerance is { Relative: > 0 } relative)
        {
            yield return ["-p", relative.Relative.ToString("R", CultureInfo.InvariantCulture)];
        }
    }

    private static bool IsWhole(string output) => !output.Contains("not comparable", StringComparison.OrdinalIgnoreCase);

    /// <summary>The objects that differ, in one line.</summary>
    private static string Summary(string output)
    {
        const int MaxShown = 200;
        string line = string.Join("; ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length == 0 ? "objects are missing or new" : line.Length > MaxShown ? line[..MaxShown] + "…" : line;
    }

    /// <summary>h5diff wants files; the name of ours may be gone, and may look like an option, so it is shown the descriptor.</summary>
    private (int Exit, string Output) Run(string program, string[] tolerance, FileStream then, FileStream now)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in (string[])[.. tolerance, DescriptorPath(then), DescriptorPath(now)])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            // Read beside the waiting: a program that hangs does not end its output either.
            var output = Task.Run(() => ReadAtMost(process.StandardOutput));
            if (!process.WaitForExit(patience) || !Task.WaitAll([output, errors], patience))
            {
                process.Kill(entireProcessTree: true);
                throw new UnreadableContentException($"h5diff took longer than {patience.TotalMinutes} minutes");
            }

            return process.ExitCode is SameExit or DiffersExit
                ? (process.ExitCode, output.Result)
                : throw new UnreadableContentException($"h5diff: {Summary(errors.Result)}");
        }
        catch (Win32Exception e)
        {
            throw new UnreadableContentException($"h5diff: {e.Message}");
        }
    }

    private static string ReadAtMost(StreamReader reader)
    {
        char[] text = new char[MaxOutputCharacters];
        int length = reader.ReadBlock(text);
        char[] rest = new char[MaxOutputCharacters];
        while (reader.Read(rest) > 0)
        {
            // Read and dropped, so that the program can go on.
        }

        return new string(text, 0, length);
    }

    private static FileStream OnDisk(ComparedContent content, ComparisonContext context) =>
        Spool.ToFile(content.FromStart(), context.Folder);

    private static string DescriptorPath(FileStream file) =>
        $"/proc/{Environment.ProcessId}/fd/{file.SafeFileHandle.DangerousGetHandle()}";

    private static string? Find(string program, string path) => path.Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
