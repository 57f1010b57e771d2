using System.Diagnostics.CodeAnalysis;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Bytes as a parameter of SQL. A bare byte[] will not do: Dapper.AOT 1.1.0 takes it for a list (DapperLib/DapperAOT#226).</summary>
internal sealed class SqlBlob(byte[] bytes)
{
    public byte[] Bytes { get; } = bytes;

    [return: NotNullIfNotNull(nameof(digest))]
    public static SqlBlob? Of(Digest? digest) => digest is null ? null : new SqlBlob(digest.ToBytes());
}
