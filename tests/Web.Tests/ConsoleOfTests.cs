using System.Runtime.CompilerServices;

namespace Provenance.Web.Tests;

/// <summary>Keeps servers that log and browsers that start from waiting for each other for ever.</summary>
/// <remarks>
/// Playwright changes Console.OutputEncoding around the start of its driver. The setter locks the console, then the writer; whoever writes
/// locks the writer, then the console. What was given by SetOut is left alone by the setter.
/// </remarks>
internal static class ConsoleOfTests
{
    [ModuleInitializer]
    internal static void Redirect()
    {
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        Console.SetError(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });
    }
}
