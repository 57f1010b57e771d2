namespace Provenance.Web.Hosting;

/// <summary>Marks connections to the operator's address. What they are answered, and readers are not, is decided by this and not by a port's number.</summary>
internal sealed class OperatorConnection
{
    public static readonly OperatorConnection Instance = new();

    private OperatorConnection()
    {
    }
}
