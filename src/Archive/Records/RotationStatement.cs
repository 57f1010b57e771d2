using Provenance.Archive.Transparency;

namespace Provenance.Archive.Records;

/// <summary>The statement that a key has a successor.</summary>
public static class RotationStatement
{
    private const string SubjectName = "certificate";

    public static Statement<RotationRecord> Of(RotationRecord rotation) => new()
    {
        Subject = [SubjectOf(rotation.New)],
        PredicateType = StatementTypes.Rotation,
        Predicate = rotation,
    };

    /// <exception cref="RecordFormatException">The subject is not the new certificate, or it follows itself.</exception>
    internal static void Check(Statement<RotationRecord> statement, string what)
    {
        var rotation = statement.Predicate;
        if (statement.Subject is not [var subject] || subject != SubjectOf(rotation.New))
        {
            throw new RecordFormatException(what, "its subject is not the new certificate");
        }

        if (rotation.Old.Sha256 == rotation.New.Sha256)
        {
            throw new RecordFormatException(what, "its new certificate is the old one");
        }
    }

    private static Subject SubjectOf(LeafBlob certificate) =>
        new() { Name = SubjectName, Digest = new DigestSet { Sha256 = certificate.Sha256, Sha512 = certificate.Sha512 } };
}
