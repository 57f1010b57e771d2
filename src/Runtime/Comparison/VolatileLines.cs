using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Runtime.Comparison;

/// <summary>Lines of well-known formats that change with each run though the content does not: dates, commands, times taken.</summary>
/// <remarks>Only exact forms, and only in a text that begins as its format does. What is left out by one stands in the record by its name.</remarks>
internal sealed partial class VolatileLines
{
    private const int MaxLineBytes = 1 << 16;

    private static readonly VolatileLines None = new([]);

    private static readonly VolatileLines Vcf = new([("vcf header", VcfHeader())]);
    private static readonly VolatileLines Sam = new([("sam @PG", SamProgram())]);
    private static readonly VolatileLines PostScript = new([("postscript dates", PostScriptDates())]);
    private static readonly VolatileLines Octave = new([("octave header", OctaveHeader())]);
    private static readonly VolatileLines Gromacs = new([("gromacs times", GromacsTimes())]);
    private static readonly VolatileLines Lammps = new([("lammps times", LammpsTimes())]);
    private static readonly VolatileLines Espresso = new([("quantum espresso times", EspressoTimes())]);

    private readonly (string Name, Regex Form)[] _forms;

    private VolatileLines((string Name, Regex Form)[] forms)
    {
        _forms = forms;
    }

    /// <summary>Those of a text's format.</summary>
    /// <param name="head">Its beginning.</param>
    public static VolatileLines Of(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith("##fileformat=VCF"u8) => Vcf,
        _ when head.StartsWith("@HD\t"u8) || head.StartsWith("@SQ\t"u8) || head.StartsWith("@PG\t"u8) => Sam,
        _ when head.StartsWith("%!PS"u8) => PostScript,
        _ when head.StartsWith("# Created by Octave "u8) => Octave,
        _ when head.StartsWith("LAMMPS ("u8) => Lammps,
        _ when head.IndexOf(":-) GROMACS - gmx"u8) >= 0 => Gromacs,
        _ when head.IndexOf("     Program PWSCF v."u8) >= 0 => Espresso,
        _ => None,
    };

    /// <summary>The name of the form that both lines have; null when there is none.</summary>
    public string? Match(ReadOnlySpan<byte> then, ReadOnlySpan<byte> now)
    {
        if (_forms.Length == 0 || then.Length > MaxLineBytes || now.Length > MaxLineBytes)
        {
            return null;
        }

        string thenText = Encoding.Latin1.GetString(then);
        string nowText = Encoding.Latin1.GetString(now);
        foreach (var (name, form) in _forms)
        {
            // The same words before what changes: not a date on one side and a command on the other.
            var thenMatch = form.Match(thenText);
            var nowMatch = form.Match(nowText);
            if (thenMatch.Success && nowMatch.Success && thenMatch.Groups["what"].Value == nowMatch.Groups["what"].Value)
            {
                return name;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\A##(?<what>fileDate|source|bcftools_[a-z]+(?:Command|Version)|GATKCommandLine(?:\.\w+)?|commandline|cmdline|samtoolsCommand)=.*\z")]
    private static partial Regex VcfHeader();

    [GeneratedRegex(@"\A(?<what>@PG)\t.*\z")]
    private static partial Regex SamProgram();

    [GeneratedRegex(@"\A(?<what>%%(?:CreationDate|ModDate):) .*\z")]
    private static partial Regex PostScriptDates();

    [GeneratedRegex(@"\A(?<what># Created by Octave [0-9.]+), .*\z")]
    private static partial Regex OctaveHeader();

    [GeneratedRegex(
        @"\A(?:(?<what>Log file opened on|Started mdrun on rank \d+|Finished mdrun on rank \d+) .*\d\d:\d\d:\d\d \d{4}"
        + @"|(?<what>Process ID:) +\d+|(?<what>Host:) \S+ +pid: \d+ .*"
        + @"|(?<what> +Time:| *Performance:) +[0-9. ]+|(?<what> +\(ns/day\) +\(hour/ns\))"
        + @"|(?<what> [A-Z][\w .,+/()-]+?) +\d+ +\d+ +\d+ +[0-9.]+ +[0-9.]+ +[0-9.]+|(?<what> Total| Rest) +[0-9.]+ +[0-9.]+ +[0-9.]+)\z")]
    private static partial Regex GromacsTimes();

    [GeneratedRegex(
        @"\A(?:(?<what>Loop time of) [0-9.e+-]+ (?<what>on \d+ procs for \d+ steps with \d+ atoms)"
        + @"|(?<what>Performance:) [0-9.]+ .*|(?<what>Total wall time:) \d+:\d\d:\d\d|[0-9.]+% (?<what>CPU use with .*)"
        + @"|(?<what>(?:Pair|Bond|Kspace|Neigh|Comm|Output|Modify|Other) +\|)[0-9.e+\- |]+)\z")]
    private static partial Regex LammpsTimes();

    [GeneratedRegex(
        @"\A(?:(?<what> +Program [A-Z]+ v\.[0-9.]+) starts on .*|(?<what> +This run was terminated on:) .*"
        + @"|(?<what> +total cpu time spent up to now is) +[0-9.]+ secs"
        + @"|(?<what> +[\w:]+) +: +[0-9dhms. ]+CPU +[0-9dhms. ]+ *WALL(?: \( *(?<what>\d+ calls)\))?)\z")]
    private static partial Regex EspressoTimes();
}
