using System.Net.Http.Headers;
using System.Text;
using Provenance.Archive;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Exchange;

namespace Provenance.Fuzz;

/// <summary>Bundles, and what registries say.</summary>
internal static class ExchangeTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("bundle", static () => [Export(new BundlePacking()), Export(new BundlePacking { Bag = true })], Import, typeof(ArchiveException)),
        new("bundle-manifest", static () => [Plan((bundle, _) => bundle.Manifest.ToBytes())], static input => BrokenPromiseException.ThrowUnless(
            BundleManifest.Parse(input).ToBytes().AsSpan().SequenceEqual(input), "a manifest is written otherwise than it was read"), typeof(ArchiveException)),
        new("bundle-artifact", static () => [Plan(static (bundle, blobs) => BundleArtifact.Of(bundle, blobs, new BundleArtifactMarks { IsPrivate = true }).Bytes.ToArray())],
            static input =>
            {
                BundleArtifactManifest.IsBundle(input);
                BundleArtifactManifest.Parse(input);
            },
            typeof(ArchiveException)),
        new("registry", SomeWords, FuzzTarget.OneOf(
            static input => RegistryReference.Parse(Encoding.UTF8.GetString(input)),
            static input => RegistryReference.ParseTarget(Encoding.UTF8.GetString(input), "prov"),
            static input => AuthenticationChallenge.Parse(Challenge(input)),
            ReadCredentials), typeof(ArchiveException)),
    ];

    private static byte[] Export(BundlePacking packing)
    {
        using var sample = new SampleBundle();
        sample.Endorse(sample.Run, RecordKind.Run);
        return sample.Export(packing: packing);
    }

    private static byte[] Plan(Func<Bundle, Archive.Content.BlobStore, byte[]> use)
    {
        using var sample = new SampleBundle();
        using var finder = sample.Archive.Finder();
        var names = new ImageNames(sample.Archive.Layout, sample.Archive.Blobs, static _ => { });
        return use(new BundlePlanner(sample.Archive.Blobs, finder, names).Plan([finder.Get(sample.Run.Hex)], new ExportOptions()), sample.Archive.Blobs);
    }

    private static void Import(byte[] input)
    {
        using var receiver = new Receiver();
        receiver.Import(TarSums.Mend(input));
    }

    private static IEnumerable<byte[]> SomeWords()
    {
        yield return FuzzTarget.Of(0, "docker://registry.example.org:5000/a/b:tag"u8);
        yield return FuzzTarget.Of(0, Encoding.ASCII.GetBytes($"docker://[::1]/a@{SampleArchive.DigestOf("a")}"));
        yield return FuzzTarget.Of(1, "https://registry.example.org/a/b"u8);
        yield return FuzzTarget.Of(2, "realm=\"https://a/token\",service=\"s\",scope=\"repository:a/b:pull\""u8);
        yield return FuzzTarget.Of(3, """{"auths":{"x.org":{"auth":"YTpi"}},"credHelpers":{"x.org/a":"pass"},"credsStore":"s"}"""u8);
    }

    /// <summary>As the platform lets it through.</summary>
    private static AuthenticationHeaderValue Challenge(byte[] input) => new("Bearer", string.Concat(Encoding.UTF8.GetString(input).Split('\r', '\n', '\0')));

    private static void ReadCredentials(byte[] input) =>
        RegistryCredentials.Of(FuzzFolder.Write("auth.json", input), (_, _) => input).Find("x.org", "a/b");
}
