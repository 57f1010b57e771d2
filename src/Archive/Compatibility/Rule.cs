using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>One rule: its stable name, what it is about, and what it asks. It reads the question and nothing else.</summary>
/// <remarks>The rules are told to people in schema/FORMAT.d/compatibility.md; a test keeps the two lists equal.</remarks>
internal sealed class Rule(string id, Concern about, Func<Question, Complaint?> ask)
{
    internal string Id { get; } = id;

    internal Concern About { get; } = about;

    /// <summary>False where nothing could run even if it were tried.</summary>
    internal bool CanForce { get; init; } = true;

    /// <summary>Null when there is nothing to say.</summary>
    internal Finding? Find(Question question) => Find(Id, ask(question), CanForce);

    /// <summary>A complaint with the name of its rule; null for none.</summary>
    internal static Finding? Find(string id, Complaint? complaint, bool canForce = true) => complaint is null ? null : new()
    {
        Rule = id,
        Verdict = complaint.Verdict,
        Message = complaint.Message,
        Evidence = complaint.Evidence,
        Remedy = complaint.Remedy,
        CanForce = canForce,
    };
}
