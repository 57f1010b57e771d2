using System.CommandLine;
using System.Text;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Options;

/// <summary><c>--report FILE</c>: a replay as a file to send to somebody, HTML or JSON by its ending.</summary>
internal sealed class ReportOption
{
    public Option<string> Option { get; } = SharedOptions.Single(
        "--report", null, "FILE", "write what was compared into a file too, .html to read or .json");

    /// <summary>Checked before anything is done.</summary>
    /// <returns>Null when no report is asked for.</returns>
    public string? Read(CommandCall call)
    {
        if (call.Value(Option) is not { } file)
        {
            return null;
        }

        string path = Path.GetFullPath(file);
        if (!IsHtml(path) && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"option '--report': '{file}' ends neither in .html nor in .json");
        }

        return Directory.Exists(Path.GetDirectoryName(path))
            ? path
            : throw new UsageException($"option '--report': '{Path.GetDirectoryName(path)}' is no folder");
    }

    public static void Write(string path, ReplayReport report)
    {
        string text = IsHtml(path) ? ReplayHtml.Of(report) : JsonText.Of(report, CliJson.Default.ReplayReport);
        OutputFile.Write(path, output => output.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static bool IsHtml(string path) =>
        path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".htm", StringComparison.OrdinalIgnoreCase);
}
