namespace Provenance.Archive.Transparency;

/// <summary>One signature line of a note.</summary>
/// <param name="Name">Of the key.</param>
/// <param name="KeyId">Tells keys of one name apart; it is too short to identify one.</param>
/// <param name="Bytes">What follows the key's ID.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    public bool Equals(NoteSignature? other) => other is not null && IsOfSameKey(other) && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode() => HashCode.Combine(Name, KeyId, Bytes.Length);

    public bool IsOfSameKey(NoteSignature other) => Name == other.Name && KeyId == other.KeyId;
}
