using System.Net;
using System.Text;
using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>A replay as one HTML file: no script, nothing from elsewhere, everything escaped.</summary>
internal sealed class ReplayHtml
{
    private const int OutputsShown = 2000;

    private const string Style = """
        :root { color-scheme: light dark; --line: #8883; --dim: #8a8a8a; --good: #1a7f37; --near: #9a6700; --bad: #cf222e }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem }
        .verdict { font-size: 1.15rem; border-left: .35rem solid var(--dim); padding: .5rem .9rem; margin: 1rem 0; background: #8881; overflow-wrap: anywhere }
        .verdict.good { border-color: var(--good) } .verdict.near { border-color: var(--near) } .verdict.bad { border-color: var(--bad) }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0 }
        dt { color: var(--dim) } dd { margin: 0; overflow-wrap: anywhere }
        table { border-collapse: collapse; width: 100% } th { text-align: left; color: var(--dim); font-weight: normal }
        th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
        td:first-child, th:first-child { white-space: nowrap; width: 9rem }
        .good { color: var(--good) } .near { color: var(--near) } .bad { color: var(--bad) } .dim { color: var(--dim) }
        .verdict.good, .verdict.near, .verdict.bad { color: inherit }
        code, pre { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere }
        pre { margin: .4rem 0 0; padding: .4rem .6rem; background: #8881; white-space: pre-wrap }
        ins, del { text-decoration: none } del { background: #cf222e33 } ins { background: #1a7f3733 }
        ul { margin: .2rem 0; padding-left: 1.2rem }
        """;

    private readonly StringBuilder _html = new();

    private ReplayHtml()
    {
    }

    public static string Of(ReplayReport report)
    {
        var page = new ReplayHtml();
        page.Write(report);
        return page._html.ToString();
    }

    private void Write(ReplayReport report)
    {
        var record = report.Record;
        string title = $"Replay of run {record.Run.Abbreviated}";
        string verdict = ReplayWords.Of(record.Verdict);
        string reason = ReplayWords.Verdict(record)[verdict.Length..];
        _html.Append(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Escape(title)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>{Escape(title)}</h1>
            <p class="verdict {Tone(record)}"><strong>{Escape(verdict)}</strong>{Escape(reason)}</p>

            """);
        WriteFacts(report);
        WriteComparison(record);
        WriteExplanation(record.Explanation);
        WriteFindings(record.Assessment);
        _html.Append("</body>\n</html>\n");
    }

    private void WriteFacts(ReplayReport report)
    {
        var record = report.Record;
        var decide = record.Comparison.Where(output => output.Decides).CountBy(output => output.Result).OrderBy(pair => pair.Key);
        _html.Append("<dl>\n");
        Fact("run", record.Run.Hex);
        Fact("replay", report.Replay ?? $"not recorded: {report.NotRecorded}");
        Fact("made by", record.Purpose == ReplayPurpose.NoiseFloor ? "the author, right after the run, to see how much results vary" : null);
        Fact("when", record.Outcome is { } outcome ? Readable.Time(outcome.StartedAt) : null);
        Fact("host", HostPage.Summary(record.Host));
        Fact("forced", record.Forced.Count > 0 ? string.Join(", ", record.Forced) : null);
        Fact("asked for", ReplayWords.Asked(record) ?? "the same bytes");
        Fact("outputs", string.Join(", ", decide.Select(pair => $"{pair.Value} {ReplayWords.Of(pair.Key)}")) is { Length: > 0 } counts ? counts : null);
        foreach (var moved in record.Relocated.Take(OutputsShown))
        {
            Fact("taken from elsewhere", $"{moved.Path} from {moved.Source}");
        }

        _html.Append("</dl>\n");
    }

    private void WriteComparison(ReplayRecord record)
    {
        if (record.Comparison.Count == 0)
        {
            return;
        }

        _html.Append("<h2>Comparison</h2>\n<table>\n<tr><th>result</th><th>output</th></tr>\n");
        foreach (var output in record.Comparison.OrderBy(output => output.Result is ComparisonResult.Identical ? 1 : 0).Take(OutputsShown))
        {
            WriteOutput(output);
        }

        _html.Append("</table>\n");
        if (record.Comparison.Count > OutputsShown)
        {
            _html.Append($"<p class=\"dim\">… and {record.Comparison.Count - OutputsShown} more</p>\n");
        }
    }

    private void WriteOutput(ComparedOutput output)
    {
        string tone = output.Decides ? Tone(output.Result) : "dim";
        string aside = output.Ignored is { } pattern ? $"ignored by '{pattern}'" : output.Decides ? "" : "does not count";
        _html.Append($"<tr><td class=\"{tone}\">{Escape(ReplayWords.Of(output.Result))}</td><td><code>{Escape(output.Name)}</code>");
        foreach (string? word in (string?[])[output.Kind, aside])
        {
            _html.Append(string.IsNullOrEmpty(word) ? "" : $" <span class=\"dim\">{Escape(word)}</span>");
        }

        string[] details = [.. output.Note is { } note ? [note] : Array.Empty<string>(), .. ReplayWords.Details(output)];
        if (details.Length > 0)
        {
            _html.Append("\n<ul>").AppendJoin("", details.Select(detail => $"<li>{Escape(detail)}</li>")).Append("</ul>");
        }

        if (output.FirstDifference is { } difference)
        {
            string line = difference.Line is { } number ? $", line {number}" : "";
            _html.Append($"\n<span class=\"dim\">first difference at byte {difference.Offset}{line}</span>");
            string then = Marked(difference.Original, difference.Replayed, "del");
            string now = Marked(difference.Replayed, difference.Original, "ins");
            _html.Append($"<pre>then: {then}\nnow:  {now}</pre>");
        }

        _html.Append("</td></tr>\n");
    }

    private void WriteExplanation(ReplayExplanation? explanation)
    {
        if (explanation is null)
        {
            return;
        }

        _html.Append("<h2>Explanation</h2>\n<ul>");
        _html.AppendJoin("", explanation.Conclusions.Take(OutputsShown).Select(conclusion => $"<li>{Escape(conclusion)}</li>"));
        _html.Append("</ul>\n<table>\n<tr><th>tried</th><th>came out</th></tr>\n");
        foreach (var trial in explanation.Trials)
        {
            _html.Append($"<tr><td>{Escape(trial.Name)}</td><td>");
            _html.AppendJoin("<br>", trial.Outputs.Take(OutputsShown).Select(output => $"<code>{Escape(output.Name)}</code> {Escape(ReplayWords.Of(output))}"));
            _html.Append(trial.Failure is { } failure ? Escape(failure) : "");
            _html.Append(trial.Settings.Count > 0 ? $"<div class=\"dim\"><code>{Escape(string.Join(' ', trial.Settings))}</code></div>" : "");
            _html.Append("</td></tr>\n");
        }

        _html.Append("</table>\n");
    }

    private void WriteFindings(Assessment assessment)
    {
        var findings = assessment.Findings.Where(finding => finding.Verdict != Verdict.Ok).ToList();
        if (findings.Count == 0)
        {
            return;
        }

        _html.Append("<h2>Assessment before the replay</h2>\n<table>\n<tr><th>rule</th><th>finding</th></tr>\n");
        foreach (var finding in findings)
        {
            string tone = finding.Verdict == Verdict.Refuse ? "bad" : "near";
            _html.Append($"<tr><td class=\"{tone}\">{Escape(finding.Rule)}</td><td>{Escape(finding.Message)}</td></tr>\n");
        }

        _html.Append("</table>\n");
    }

    private void Fact(string name, string? value)
    {
        if (value is not null)
        {
            _html.Append($"<dt>{Escape(name)}</dt><dd>{Escape(value)}</dd>\n");
        }
    }

    /// <summary>A text with the part marked that the other has not: all between what both begin and end with.</summary>
    private static string Marked(string text, string other, string element)
    {
        int start = text.AsSpan().CommonPrefixLength(other);
        int most = Math.Min(text.Length, other.Length) - start;
        int end = 0;
        while (end < most && text[^(end + 1)] == other[^(end + 1)])
        {
            end++;
        }

        string middle = text[start..(text.Length - end)];
        string marked = middle.Length > 0 ? $"<{element}>{Escape(middle)}</{element}>" : "";
        return Escape(text[..start]) + marked + Escape(text[(text.Length - end)..]);
    }

    private static string Tone(ReplayRecord record) => record.Verdict switch
    {
        ReplayVerdict.Reproduced => record.Agreement is null or ComparisonResult.Identical ? "good" : "near",
        ReplayVerdict.Differs => "bad",
        _ => "near",
    };

    private static string Tone(ComparisonResult result) => result switch
    {
        ComparisonResult.Identical => "good",
        ComparisonResult.SameContent or ComparisonResult.WithinTolerance or ComparisonResult.NotComparable => "near",
        _ => "bad",
    };

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
