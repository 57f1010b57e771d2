namespace Provenance.EndToEnd.Tests;

/// <summary>Who runs the program: rootless is the normal case, and root must work as well.</summary>
public sealed record Account(string Name)
{
    private const string TestUser = "provtest";

    /// <summary>The account the tests run as.</summary>
    public static readonly Account Own = new("own");

    /// <summary>Those that can be had here: our own, and for root the ordinary user that <c>make test</c> makes.</summary>
    public static IEnumerable<Account> All =>
        Environment.UserName == "root" && File.ReadLines("/etc/passwd").Any(line => line.StartsWith(TestUser + ":", StringComparison.Ordinal))
            ? [Own, new Account(TestUser)]
            : [Own];

    /// <summary>What stands before a command so that this account runs it.</summary>
    public IReadOnlyList<string> Prefix =>
        this == Own ? [] : ["setpriv", $"--reuid={Name}", $"--regid={Name}", "--init-groups"];

    public override string ToString() => this == Own ? Environment.UserName : Name;
}
