using System.Text;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;
using Spectre.Console;

namespace Provenance.Cli;

// How prov talks, kept here because nothing else writes to the console:
//
// - Standard output is for what was asked for: the job's own bytes, a list, a page, a JSON document. Nothing else.
// - Everything prov says about its work goes to standard error, one line each, 'prov: ' in front.
// - An error is one line that names what failed and on what: 'prov: error: …'. It is lower case, without a full stop.
//   What to do about it is another line, 'prov: hint: …', and comes from Hints.cs.
// - Colours, bold and progress bars only on a terminal, and never when NO_COLOR is set (no-color.org).
// - Names out of images, records and file systems are foreign: control characters in them are shown, not obeyed.
// - --quiet silences notes, never errors.

/// <summary>Writes to the console, and alone does.</summary>
internal sealed class Terminal : IDisposable
{
    private const string Program = "prov: ";
    private const int FallbackWidth = 80;

    private readonly StreamWriter _out;
    private readonly StreamWriter _error;
    private readonly bool _outColours;
    private readonly bool _errorColours;

    public Terminal(Stream output, Stream error, bool outputIsTerminal, bool errorIsTerminal, bool colours)
    {
        _out = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = false };
        _error = new StreamWriter(error, new UTF8Encoding(false)) { AutoFlush = true };
        OutputIsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
        _outColours = outputIsTerminal && colours;
        _errorColours = errorIsTerminal && colours;
    }

    public bool OutputIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>When set, notes and progress are not shown.</summary>
    public bool Quiet { get; set; }

    /// <summary>That of this process.</summary>
    public static Terminal OfProcess() => new(
        StandardStream.Output,
        StandardStream.Error,
        StandardStream.Output.IsTerminal,
        StandardStream.Error.IsTerminal,
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    /// <summary>One line of what was asked for.</summary>
    public void Line(string text = "") => _out.Write(Printable(text) + "\n");

    /// <summary>The title of a part of a page.</summary>
    public void Heading(string text) => _out.Write(Bold(Printable(text), _outColours) + "\n");

    /// <summary>On a terminal drawn to its width, elsewhere one line each.</summary>
    public void Tree(TextTree tree)
    {
        if (!OutputIsTerminal)
        {
            foreach (string line in tree.Lines())
            {
                Line(line);
            }

            return;
        }

        var drawn = new Tree(new Text(Printable(tree.Text), new Style(decoration: Decoration.Bold))) { Guide = TreeGuide.Line };
        var waiting = new Stack<(TextTree From, IHasTreeNodes To)>([(tree, drawn)]);
        while (waiting.TryPop(out var next))
        {
            foreach (var child in next.From.Children)
            {
                waiting.Push((child, next.To.AddNode(new Text(Printable(child.Text)))));
            }
        }

        NewConsole(_out, StandardStream.Output, _outColours).Write(drawn);
    }

    /// <summary>Text as it is: help, scripts, JSON documents.</summary>
    public void Raw(string text) => _out.Write(text);

    /// <summary>Shows what was printed so far: something long begins.</summary>
    public void Flush() => _out.Flush();

    /// <summary>Bytes as they are, such as the exact bytes of a record.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        _out.Flush();
        _out.BaseStream.Write(bytes);
    }

    /// <summary>For bytes that are worth nothing in part, such as a bundle. It is this terminal's, and stays open.</summary>
    public Stream WholeOutput()
    {
        _out.Flush();
        return _out.BaseStream == StandardStream.Output ? StandardStream.WholeOutput : _out.BaseStream;
    }

    /// <summary>A sentence about the work, on standard error.</summary>
    public void Note(string text)
    {
        _out.Flush();
        if (!Quiet)
        {
            _error.Write(Program + Printable(text) + "\n");
        }
    }

    public void Warning(string text) => Labelled("warning: ", "33", text);

    public void Error(string text) => Labelled("error: ", "1;31", text);

    public void Hint(string text) => Labelled("hint: ", "36", text);

    /// <summary>A JSON document or a stack trace on standard error.</summary>
    public void RawError(string text) => _error.Write(text);

    /// <summary>Shows a bar while the work goes on, on a terminal; elsewhere only does the work.</summary>
    public T WithProgress<T>(string title, Func<Action<ProgressStep>, T> work)
    {
        if (!ErrorIsTerminal || Quiet)
        {
            return work(static _ => { });
        }

        using var signals = new EndingSignals(ShowCursor);
        return NewProgress().Start(context =>
        {
            var task = context.AddTask(Markup.Escape(Printable(title)), maxValue: double.MaxValue);
            task.IsIndeterminate = true;
            return work(step => Show(task, step));
        });
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    /// <summary>Shows control characters in place of obeying them: a file name must not move the cursor.</summary>
    internal static string Printable(string text)
    {
        if (!text.Any(IsControl))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            _ = IsControl(c) ? shown.Append($"\\u{(int)c:x4}") : shown.Append(c);
        }

        return shown.ToString();
    }

    // U+202A to U+202E and U+2066 to U+2069 turn the direction of writing: a name could look like another.
    private static bool IsControl(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    /// <summary>Past the writer, which the bar may be using.</summary>
    private void ShowCursor() => _error.BaseStream.Write("\e[?25h"u8);

    private void Labelled(string label, string colour, string text)
    {
        _out.Flush();
        _error.Write(Program + Coloured(label, colour, _errorColours) + Printable(text) + "\n");
    }

    private static string Bold(string text, bool colours) => Coloured(text, "1", colours);

    private static string Coloured(string text, string code, bool colours) => colours ? $"\e[{code}m{text}\e[0m" : text;

    private Progress NewProgress()
    {
        var console = NewConsole(_error, StandardStream.Error, _errorColours);
        return new Progress(console)
        {
            AutoClear = true,
        }.Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
    }

    private static IAnsiConsole NewConsole(TextWriter writer, StandardStream stream, bool colours) =>
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new TerminalOutput(writer, stream.Columns ?? FallbackWidth),
        });

    private static void Show(ProgressTask task, ProgressStep step)
    {
        if (step.Total is > 0)
        {
            task.IsIndeterminate = false;
            task.MaxValue = step.Total.Value;
        }

        task.Value = Math.Min(step.Done, task.MaxValue);
        if (step.Title is { } title)
        {
            task.Description = Markup.Escape(Printable(title));
        }
    }

    /// <summary>Where trees and progress bars are drawn, at the terminal's width.</summary>
    private sealed class TerminalOutput(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer { get; } = writer;

        public bool IsTerminal => true;

        public int Width { get; } = width;

        public int Height => 24;

        public void SetEncoding(Encoding encoding)
        {
            // UTF-8 always: so are the names we print.
        }
    }
}
