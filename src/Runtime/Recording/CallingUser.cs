using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Who calls <c>prov</c>, as records of images name them.</summary>
public static class CallingUser
{
    public static ImportUser Current()
    {
        var caller = Caller.Current();
        return new ImportUser { Uid = caller.Uid, Gid = caller.Gid, Name = caller.Name };
    }
}
