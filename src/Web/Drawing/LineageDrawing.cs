using System.Globalization;
using System.Text;
using System.Xml;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Provenance.Web.Pages;

namespace Provenance.Web.Drawing;

/// <summary>Runs joined by their files, in columns from left to right in the direction of time, as SVG with links.</summary>
/// <remarks>
/// 1 a run stands to the right of all that it used, and as near to its first user as that allows · 2 within a column runs are moved
/// towards the mean place of those they are joined to, a few times forth and back (the barycentre method of Sugiyama,
/// Tagawa and Toda, 1981) · 3 edges are curves between the columns.
/// The columns are short, for a lineage is followed two steps.
/// </remarks>
public sealed class LineageDrawing
{
    private const int Sweeps = 4;
    private const int BoxWidth = 210;
    private const int BoxHeight = 46;
    private const int ColumnWidth = 330;
    private const int RowHeight = 74;
    private const int Margin = 12;
    private const int CommandShown = 28;
    private const int LabelShown = 20;

    private readonly Digest _root;
    private readonly Dictionary<Digest, (int X, int Y)> _places = [];

    public LineageDrawing(LineageGraph up, LineageGraph down)
    {
        _root = up.Root.Run.Record;
        Runs = [.. up.Nodes.Concat(down.Nodes).Select(node => new DrawnRun(node.Run)).DistinctBy(run => run.Run.Record)];
        var known = Runs.Select(run => run.Run.Record).ToHashSet();
        Edges =
        [
            .. up.Nodes.SelectMany(node => node.Links.Select(link => new DrawnEdge(link.Run, node.Run.Record, link.Files)))
                .Concat(down.Nodes.SelectMany(node => node.Links.Select(link => new DrawnEdge(node.Run.Record, link.Run, link.Files))))
                .Where(edge => known.Contains(edge.Maker) && known.Contains(edge.User))
                .DistinctBy(edge => (edge.Maker, edge.User)),
        ];
        NotFollowed = up.NotFollowed + down.NotFollowed;
        Sources = up.Root.Sources;
        SourceCount = up.Root.SourceCount;
        Place();
    }

    public IReadOnlyList<DrawnRun> Runs { get; }

    public IReadOnlyList<DrawnEdge> Edges { get; }

    /// <summary>Runs further away.</summary>
    public int NotFollowed { get; }

    /// <summary>Inputs of the run asked about that no run of the archive is known to have made, the first of them.</summary>
    public IReadOnlyList<LineageFile> Sources { get; }

    public int SourceCount { get; }

    /// <summary>Whether it is joined to nothing.</summary>
    public bool IsAlone => Runs.Count == 1;

    /// <summary>The picture. Text is escaped, and nothing in it runs.</summary>
    public string ToSvg()
    {
        var svg = new StringBuilder();
        using (var xml = XmlWriter.Create(svg, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false }))
        {
            Write(xml);
        }

        return svg.ToString();
    }

    /// <summary>:: Step 1, by longest paths. Clocks may make a ring of runs: then no run moves more often than there are runs.</summary>
    private Dictionary<Digest, int> Columns()
    {
        var columns = Runs.ToDictionary(run => run.Run.Record, _ => 0);
        for (int pass = 0; pass < Runs.Count && Edges.Aggregate(false, (moved, edge) => MoveRight(columns, edge) || moved); pass++)
        {
        }

        var users = Edges.ToLookup(edge => edge.Maker, edge => edge.User);
        var isUser = Edges.Select(edge => edge.User).ToHashSet();
        foreach (var source in Runs.Select(run => run.Run.Record).Where(run => !isUser.Contains(run) && users.Contains(run)))
        {
            columns[source] = Math.Max(columns[source], users[source].Min(user => columns[user]) - 1);
        }

        return columns;
    }

    private bool MoveRight(Dictionary<Digest, int> columns, DrawnEdge edge)
    {
        if (columns[edge.User] > columns[edge.Maker] || columns[edge.Maker] >= Runs.Count)
        {
            return false;
        }

        columns[edge.User] = columns[edge.Maker] + 1;
        return true;
    }

    /// <summary>:: Step 2</summary>
    private void Place()
    {
        var columnOf = Columns();
        var columns = Runs.GroupBy(run => columnOf[run.Run.Record]).OrderBy(column => column.Key)
            .Select(column => column.Select(run => run.Run.Record).ToList()).ToList();
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            var order = sweep % 2 == 0 ? Enumerable.Range(0, columns.Count) : Enumerable.Range(0, columns.Count).Reverse();
            foreach (int column in order)
            {
                Number(columns);
                columns[column] =
                [
                    .. columns[column].Select((run, place) => (Run: run, Mean: MeanOfNeighbours(run, place)))
                        .OrderBy(pair => pair.Mean).Select(pair => pair.Run),
                ];
            }
        }

        Number(columns);
    }

    private void Number(List<List<Digest>> columns)
    {
        int tallest = columns.Max(column => column.Count);
        foreach (var (x, column) in columns.Index())
        {
            int above = (tallest - column.Count) * RowHeight / 2;
            foreach (var (y, run) in column.Index())
            {
                _places[run] = (Margin + (x * ColumnWidth), Margin + above + (y * RowHeight));
            }
        }
    }

    private double MeanOfNeighbours(Digest run, int place)
    {
        var neighbours = Edges.Where(edge => edge.Maker == run || edge.User == run)
            .Select(edge => _places[edge.Maker == run ? edge.User : edge.Maker].Y).ToList();
        return neighbours.Count == 0 ? place * RowHeight : neighbours.Average();
    }

    private void Write(XmlWriter xml)
    {
        int width = _places.Values.Max(place => place.X) + BoxWidth + Margin;
        int height = _places.Values.Max(place => place.Y) + BoxHeight + Margin;
        xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        xml.WriteAttributeString("viewBox", $"0 0 {width} {height}");
        xml.WriteAttributeString("width", Number(width));
        xml.WriteAttributeString("height", Number(height));
        xml.WriteAttributeString("class", "lineage");
        xml.WriteAttributeString("role", "group");
        xml.WriteAttributeString("aria-label", "Lineage: runs, joined by the files that one made and another used. The list below says the same.");
        foreach (var edge in Edges)
        {
            WriteEdge(xml, edge);
        }

        foreach (var run in Runs)
        {
            WriteRun(xml, run);
        }

        xml.WriteEndElement();
    }

    /// <summary>:: Step 3</summary>
    private void WriteEdge(XmlWriter xml, DrawnEdge edge)
    {
        var (x1, y1) = (_places[edge.Maker].X + BoxWidth, _places[edge.Maker].Y + (BoxHeight / 2));
        var (x2, y2) = (_places[edge.User].X, _places[edge.User].Y + (BoxHeight / 2));
        int middle = (x1 + x2) / 2;
        xml.WriteStartElement("path");
        xml.WriteAttributeString("d", $"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}");
        xml.WriteEndElement();
        WriteText(xml, middle, ((y1 + y2) / 2) - 5, "file", PageText.Shorten(edge.Label, LabelShown), "middle");
    }

    private void WriteRun(XmlWriter xml, DrawnRun run)
    {
        var (x, y) = _places[run.Run.Record];
        bool isRoot = run.Run.Record == _root;
        if (!isRoot)
        {
            xml.WriteStartElement("a");
            xml.WriteAttributeString("href", Paths.Run(run.Run.Record));
        }

        xml.WriteStartElement("g");
        xml.WriteAttributeString("class", isRoot ? "run here" : "run");
        xml.WriteElementString("title", Printable(run.Run.Command));
        xml.WriteStartElement("rect");
        xml.WriteAttributeString("x", Number(x));
        xml.WriteAttributeString("y", Number(y));
        xml.WriteAttributeString("width", Number(BoxWidth));
        xml.WriteAttributeString("height", Number(BoxHeight));
        xml.WriteAttributeString("rx", "6");
        xml.WriteEndElement();
        WriteText(xml, x + 10, y + 19, "command", PageText.Shorten(run.Run.Command, CommandShown), "start");
        WriteText(xml, x + 10, y + 36, "id", $"{run.Run.Record.Abbreviated} · {run.Run.ImageReference}", "start");
        xml.WriteEndElement();
        if (!isRoot)
        {
            xml.WriteEndElement();
        }
    }

    private static void WriteText(XmlWriter xml, int x, int y, string kind, string text, string anchor)
    {
        xml.WriteStartElement("text");
        xml.WriteAttributeString("x", Number(x));
        xml.WriteAttributeString("y", Number(y));
        xml.WriteAttributeString("class", kind);
        xml.WriteAttributeString("text-anchor", anchor);
        xml.WriteString(Printable(text));
        xml.WriteEndElement();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>XML has no control characters, and a name of a file may.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) && !char.IsControl(c) ? c : '\ufffd'));
}
