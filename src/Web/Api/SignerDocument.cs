using Provenance.Archive.Catalog;

namespace Provenance.Web.Api;

/// <summary>Somebody who signed records here, as the certificate says.</summary>
internal sealed record SignerDocument(string Certificate, string Name, long Records, DateTimeOffset First, DateTimeOffset Last)
{
    public static SignerDocument Of(SignerCount signer) => new(signer.Certificate.Hex, signer.Name, signer.Records, signer.First, signer.Last);
}
