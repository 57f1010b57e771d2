namespace Provenance.Web.Api;

/// <summary>A paper in a list.</summary>
/// <param name="Doi">In lower case.</param>
/// <param name="Title">As whoever cited gave it; absent when nobody did.</param>
/// <param name="Runs">That it rests on.</param>
/// <param name="Figures">That are outputs of them.</param>
/// <param name="Path">Of its page.</param>
internal sealed record PaperItem(string Doi, string? Title, int Runs, int Figures, string Path);
