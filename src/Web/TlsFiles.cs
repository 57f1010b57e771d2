namespace Provenance.Web;

/// <summary>What a server proves its name with, as files that whoever renews certificates writes: PEM, read again when they change.</summary>
/// <param name="Certificate">The server's certificate first, then those that it was issued by (RFC 7468).</param>
/// <param name="Key">Its private key, not encrypted: PKCS #8, PKCS #1 or SEC 1.</param>
public sealed record TlsFiles(string Certificate, string Key);
