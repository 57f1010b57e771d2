using Dapper;
using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>People and papers by some letters of their names. The text indexes are asked only through tables that hide what may not be seen.</summary>
internal sealed partial class CatalogReader
{
    internal const string SignersNamedSql =
        """
        select s.certificate as Hash
        from signer_text
        cross join signers s on s.signer_id = signer_text.rowid
        where signer_text match @text and exists (select 1 from records rec where rec.signer_certificate = s.certificate)
        limit @limit
        """;

    internal const string CitationsTitledSql =
        $"""
        {SelectCitations}
        where c.log_index in (select rowid from paper_text where paper_text match @text)
        order by c.log_index desc, f.position
        limit @limit
        """;

    /// <summary>Certificates of signers whose name has these letters, and who signed something that may be seen.</summary>
    public IEnumerable<Digest> SignersNamed(string text, int limit) =>
        connection.Query<RawHash>(SignersNamedSql, new { text = RunFilter.Phrase(text), limit }).Select(row => Digest.FromHash(row.Hash));

    /// <summary>Citations by papers whose title has these letters, newest first.</summary>
    public IEnumerable<CitationRow> CitationsTitled(string text, int limit) =>
        Rows(connection.Query<RawCitation>(CitationsTitledSql, new { text = RunFilter.Phrase(text), limit }));
}
