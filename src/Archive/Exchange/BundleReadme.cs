using System.Globalization;
using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>The page that tells a person without <c>prov</c> what the bundle is and how to verify it.</summary>
internal static class BundleReadme
{
    /// <summary>More records than this are counted, not listed.</summary>
    private const int MostListed = 100;

    public static byte[] Of(Bundle bundle)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {RoCrate.Title(bundle)}\n\n");
        page.Append(Introduction);
        AppendRecords(page, bundle);
        AppendAbsent(page, bundle);
        page.Append(Verifying).Append(Files);
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void AppendRecords(StringBuilder page, Bundle bundle)
    {
        page.Append("## Records\n\n");
        foreach (var record in bundle.Records.Take(MostListed))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {StatementTypes.NameOf(record.Listed.Kind)} `{record.Signed.Record.Hex}`\n");
            page.Append(CultureInfo.InvariantCulture, $"  {Line(record.Predicate)}\n");
            page.Append("  signed by ").Append(InOneLine(record.Signer.Name));
            page.Append(CultureInfo.InvariantCulture, $", certificate `{record.Signer.Certificate.Hex}`\n");
        }

        if (bundle.Records.Count > MostListed)
        {
            page.Append(CultureInfo.InvariantCulture, $"- and {bundle.Records.Count - MostListed} more, in `{BundleNames.Manifest}`\n");
        }

        page.Append('\n');
    }

    private static string Line(object predicate) => predicate switch
    {
        RunRecord run => $"`{InOneLine(CommandText.Of(run.Invocation.Argv))}`, {PrettyJson.Time(run.Outcome.StartedAt)}",
        ReplayRecord replay => $"of run `{replay.Run.Abbreviated}`: {replay.Verdict.ToString().ToLowerInvariant()}",
        CitationRecord citation => $"of run `{citation.Run.Digest.Abbreviated}` by doi:{InOneLine(citation.Doi.ToString())}",
        EndorsementRecord endorsement => $"of {StatementTypes.NameOf(endorsement.Kind)} `{endorsement.Record.Digest.Abbreviated}`",
        TombstoneRecord tombstone => $"of {StatementTypes.NameOf(tombstone.Kind)} `{tombstone.Record.Digest.Abbreviated}`",
        RotationRecord rotation => $"of key `{rotation.Old.Digest.Hex[..16]}` to `{rotation.New.Digest.Hex[..16]}`",
        RevocationRecord revocation => $"list `{revocation.List.Digest.Hex}`",
        ImageRecord image => $"for {image.Platform}, layers: {image.Layers.Count}, manifest `{image.Manifest.Digest.Hex}`",
        _ => "",
    };

    private static void AppendAbsent(StringBuilder page, Bundle bundle)
    {
        var absent = bundle.Manifest.Absent;
        if (absent.Count == 0)
        {
            return;
        }

        page.Append("## What is not here\n\nBlobs that the records name:\n\n");
        foreach (var group in absent.GroupBy(blob => blob.Reason))
        {
            string why = group.Key == AbsenceReason.LeftOut
                ? "layers of images were left out on purpose: the runs can be looked at here, and repeated where the images are"
                : "contents had been removed from the archive before";
            page.Append(CultureInfo.InvariantCulture, $"- {group.Count()} of them, {group.Sum(blob => blob.Size)} bytes: {why}\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\n`{BundleNames.Manifest}` lists them. The records still say what they were, by digest.\n\n");
    }

    /// <summary>Names come out of certificates and command lines: they must not make lines or formatting of their own.</summary>
    private static string InOneLine(string text) =>
        new([.. text.Select(character => char.IsControl(character) || character == '`' ? '?' : character)]);

    private const string Introduction = """
        This is what somebody ran on a computer, on what, and with what result, as the program `prov` recorded and signed it.
        It can be read and verified with tools that every Unix has: no `prov` is needed.


        """;

    private const string Verifying = """
        ## Verifying

        With sh, tar, sha256sum and openssl (3.0 or later) alone:

            sh verify.sh --fingerprint HEX .

        HEX is the SHA-256 fingerprint of the signer's certificate, as the signer told it to you: on paper, by telephone, on a web
        page of theirs. It must not be taken from here: anybody can make a bundle and sign it. With `--ca FILE` the certificate of
        an authority that you trust takes its place. Without either everything else is checked, and the exit status is 3.

        `verify.sh` came with the bundle, so read it first, or take `schema/verify-bundle.sh` from the sources of `prov`. It checks

        1. that every file below `blobs/sha256/` has the SHA-256 that is its name;
        2. that each record is signed, over exactly its bytes, by the certificate that the signature names;
        3. that everything a record names is there, with the size and both digests that it names, and nothing besides.

        By hand, for one record and its signature, which `BUNDLE.json` names:

            openssl cms -verify -cades -binary -inform DER -in blobs/sha256/SIGNATURE -content blobs/sha256/RECORD \
              -CAfile certificates/FINGERPRINT.pem -partial_chain -out /dev/null

        With `prov`: `prov verify FILE`, `prov show FILE`, `prov replay FILE`, `prov import FILE`, FILE being the tar or this folder.


        """;

    private const string Files = """
        ## Files

        | | |
        |---|---|
        | `BUNDLE.json` | which records are here, by digest; nobody has signed it, everything that counts is in the records |
        | `blobs/sha256/` | every content, named by its SHA-256: records, signatures, lists of files, images, inputs, outputs |
        | `index.json`, `oci-layout` | make the folder an OCI image layout: `skopeo copy oci:. …`, `podman pull oci:.` |
        | `certificates/` | who signed, as `openssl x509 -text -in` shows it |
        | `proofs/`, `origins/` | that a log holds the records (C2SP tlog-proof), and logs of archives that they came through, if there are any |
        | `seals/` | time stamps over records, these among them: `sha512sum --check --ignore-missing` and `openssl ts -verify -token_in -data` read them |
        | `ro-crate-metadata.json`, `prov.json` | the same for other programs: RO-Crate 1.1, W3C PROV-JSON; made from the records, signed by nobody |
        | `verify.sh` | see above |

        A record is JSON (an in-toto statement). Its lists `used` and `generated` name every file that was read and written, each with its digests.

        """;
}
