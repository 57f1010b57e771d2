namespace Provenance.Cli;

/// <summary>The version of prov, as the build gave it to the assembly.</summary>
internal static class ProductVersion
{
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version!.ToString(3);
}
