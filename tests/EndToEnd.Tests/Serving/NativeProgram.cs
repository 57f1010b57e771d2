namespace Provenance.EndToEnd.Tests.Serving;

/// <summary>The program as it is installed: one file. What the build leaves needs a runtime beside it, which neither unit nor container has.</summary>
internal static class NativeProgram
{
    public static string Find()
    {
        Assert.SkipUnless(ProvBinary.Command.Count == 1, "the native program is not made: 'make publish', or PROV_BINARY");
        return ProvBinary.Command[0];
    }
}
