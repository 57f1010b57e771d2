using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, CitationRecord citation)
    {
        _statements.Execute(
            """
            insert into citations (log_index, run, doi, title)
            values (@index, @run, @doi, @title)
            """,
            ("@index", index),
            ("@run", citation.Run.Digest.ToBytes()),
            ("@doi", citation.Doi.ToString()),
            ("@title", citation.Title));
        if (citation.Title is { } title)
        {
            _statements.Execute("insert into paper_text (rowid, title) values (@index, @title)", ("@index", index), ("@title", title));
        }

        foreach (var (position, figure) in citation.Figures.Index())
        {
            _statements.Execute(
                """
                insert into figures (log_index, position, label, path, sha256)
                values (@index, @position, @label, @path, @sha256)
                """,
                ("@index", index),
                ("@position", position),
                ("@label", figure.Label),
                ("@path", figure.Path),
                ("@sha256", Convert.FromHexString(figure.Digest.Sha256)));
        }
    }
}
