using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Web.Pages;

/// <summary>How outcomes are said: a word and a sign each, so that nothing hangs on a colour.</summary>
internal static class FactWords
{
    /// <summary>Nobody need have stamped or endorsed a record: of that there is none, where of other facts nothing was checked.</summary>
    public static (string Word, string Sign, string Tone) Of(VerificationCheck check) => check.Outcome switch
    {
        CheckOutcome.Ok => ("yes", "✓", "good"),
        CheckOutcome.Failed => ("no", "✗", "bad"),
        CheckOutcome.Incomplete => ("incomplete", "…", "doubt"),
        CheckOutcome.NotUnderstood => ("not understood", "?", "doubt"),
        _ when check.Name is "time" or "endorsed" => ("none", "–", "plain"),
        _ => ("not checked", "–", "plain"),
    };

    public static (string Word, string Tone) Of(VerificationVerdict verdict) => verdict switch
    {
        VerificationVerdict.Good => ("Everything that was checked holds.", "good"),
        VerificationVerdict.Untrusted => ("The record is whole, but its signer is not trusted by this archive.", "doubt"),
        VerificationVerdict.NotUnderstood => ("Something in it is not understood here: whether it holds cannot be said, so do not rely on it.", "doubt"),
        VerificationVerdict.Incomplete => ("Nothing is wrong, and something is missing.", "doubt"),
        _ => ("Something does not match: do not rely on this record.", "bad"),
    };

    public static (string Word, string Sign, string Tone) Of(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Reproduced => ("reproduced", "✓", "good"),
        ReplayVerdict.Differs => ("differs", "≠", "bad"),
        ReplayVerdict.Refused => ("refused", "⊘", "doubt"),
        _ => ("failed", "✗", "bad"),
    };

    public static (string Word, string Sign, string Tone) Of(Verdict verdict) => verdict switch
    {
        Verdict.Ok => ("ok", "✓", "good"),
        Verdict.Warn => ("warning", "!", "doubt"),
        _ => ("refused", "✗", "bad"),
    };

    public static (string Word, string Tone) Of(Answer answer) => answer switch
    {
        Answer.Yes => ("yes", "good"),
        Answer.No => ("no", "bad"),
        _ => ("cannot be promised", "doubt"),
    };

    public static (string Word, string Tone) OfEnding(int? exitCode, int? signal) => (exitCode, signal) switch
    {
        (_, { } number) => ($"signal {number}", "bad"),
        (0, _) => ("succeeded", "good"),
        _ => ($"exit status {exitCode}", "doubt"),
    };

    /// <summary>What a fact is about, for people who do not know the word.</summary>
    public static string Question(string check) => check switch
    {
        "signature" => "Is the signature valid for exactly these bytes?",
        "identity" => "Who signed?",
        "time" => "Is it proven when?",
        "trust" => "Does this archive trust the signer?",
        "endorsed" => "Has anybody else signed it?",
        "log" => "Is it in the append-only log?",
        "origin" => "Was it in the log of the archive that it came from?",
        "bytes" => "Are all files it names here, bit for bit?",
        _ => check,
    };
}
