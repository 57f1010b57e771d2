using System.Globalization;
using System.Text.Json;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>A bundle told as a research object: its runs are actions, what they read and made are files.</summary>
/// <remarks>Sources: RO-Crate 1.1; Process Run Crate 0.5 (w3id.org/ro/wfrun/process/0.5). It is derived from the records, and nobody has signed it.</remarks>
internal sealed class RoCrate(Bundle bundle, BlobStore blobs)
{
    private const string Specification = "https://w3id.org/ro/crate/1.1";
    private const string Profile = "https://w3id.org/ro/wfrun/process/0.5";
    private const string Terms = "https://w3id.org/ro/terms/workflow-run";

    private readonly HashSet<Digest> _present = [.. bundle.Blobs.Select(blob => blob.Digest)];

    /// <summary>Of each content all names it had, in the order of the runs.</summary>
    private readonly Dictionary<Digest, List<RunFile>> _files = [];

    private readonly Dictionary<Digest, RunFiles> _ofRun = [];

    public byte[] ToBytes()
    {
        foreach (var record in bundle.Records.Where(record => record.Predicate is RunRecord))
        {
            var files = RunFiles.Of((RunRecord)record.Predicate, blobs);
            _ofRun.Add(record.Signed.Record, files);
            foreach (var file in files.Used.Concat(files.Generated))
            {
                Remember(file);
            }
        }

        return PrettyJson.Of(Write);
    }

    private void Remember(RunFile file)
    {
        if (!_files.TryGetValue(file.Content, out var known))
        {
            _files.Add(file.Content, known = []);
        }

        if (!known.Exists(other => other.Path == file.Path))
        {
            known.Add(file);
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("@context");
        json.WriteStringValue($"{Specification}/context");
        json.WriteStringValue($"{Terms}/context");
        json.WriteEndArray();
        json.WriteStartArray("@graph");
        WriteRoot(json);
        foreach (var (content, files) in _files.OrderBy(file => file.Key.Hex, StringComparer.Ordinal))
        {
            WriteFile(json, content, files);
        }

        foreach (var record in bundle.Records)
        {
            WriteRecord(json, record);
        }

        foreach (var signer in bundle.Records.Select(record => record.Signer).DistinctBy(signer => signer.Certificate))
        {
            Entity(json, IdOf(signer), "Person", () =>
            {
                json.WriteString("name", signer.Name);
                Write(json, signer.Contacts);
            });
        }

        foreach (var recorder in bundle.Records.Select(record => RecorderOf(record.Predicate)).Distinct())
        {
            Entity(json, IdOf(recorder), "SoftwareApplication", () =>
            {
                json.WriteString("name", recorder.Name);
                json.WriteString("softwareVersion", recorder.Version);
            });
        }

        foreach (var paper in Citations.GroupBy(citation => citation.Doi))
        {
            WritePaper(json, paper.Key, [.. paper]);
        }

        json.WriteEndArray();
    }

    private IEnumerable<CitationRecord> Citations => bundle.Records.Select(record => record.Predicate).OfType<CitationRecord>();

    private static void WritePaper(Utf8JsonWriter json, Doi doi, List<CitationRecord> citations) =>
        Entity(json, doi.Address, "ScholarlyArticle", () =>
        {
            json.WriteString("name", citations.Select(citation => citation.Title).OfType<string>().FirstOrDefault() ?? $"doi:{doi}");
            json.WriteString("identifier", $"doi:{doi}");
            References(json, "about", citations.Select(citation => $"#{StatementTypes.NameOf(RecordKind.Run)}-{citation.Run.Sha256}").Distinct());
        });

    private void WriteRoot(Utf8JsonWriter json)
    {
        Entity(json, BundleNames.RoCrate, "CreativeWork", () =>
        {
            Reference(json, "about", "./");
            Reference(json, "conformsTo", Specification);
        });
        Entity(json, "./", "Dataset", () =>
        {
            Reference(json, "conformsTo", Profile);
            json.WriteString("name", $"{Title(bundle)} with {bundle.Records.Count} signed records");
            json.WriteString("description", "What was run, on what and with what result, as the program prov recorded it. README.md tells how to verify it.");
            json.WriteString("datePublished", PrettyJson.OffsetTime(bundle.Records.Max(record => record.Signer.ClaimedTime)));
            References(json, "hasPart", PartIds());
            References(json, "mentions", bundle.Records.Where(IsAction).Select(ActionId));
            References(json, "citation", Citations.Select(citation => citation.Doi.Address).Distinct());
        });
        Entity(json, Profile, "CreativeWork", () =>
        {
            json.WriteString("name", "Process Run Crate");
            json.WriteString("version", "0.5");
        });
    }

    public static string Title(Bundle bundle) => string.Join(", ", bundle.Records
        .Where(record => bundle.Manifest.Roots.Contains(record.Signed.Record))
        .Select(record => $"{StatementTypes.NameOf(record.Listed.Kind)} {record.Signed.Record.Abbreviated}"));

    private IEnumerable<string> PartIds() => bundle.Records
        .SelectMany(record => new[] { record.Listed.Record.Digest, record.Listed.Signature.Digest })
        .Concat(_files.Keys.Where(_present.Contains))
        .Distinct()
        .Select(BundleNames.Blob)
        .Order(StringComparer.Ordinal);

    private void WriteFile(Utf8JsonWriter json, Digest content, List<RunFile> files) =>
        Entity(json, IdOf(content), _present.Contains(content) ? "File" : "CreativeWork", () =>
        {
            json.WriteString("name", files[0].Name);
            json.WriteStartArray("alternateName");
            foreach (var file in files)
            {
                json.WriteStringValue(file.Path);
            }

            json.WriteEndArray();
            json.WriteString("contentSize", files[0].Size.ToString(CultureInfo.InvariantCulture));
            json.WriteString("sha256", content.Hex);
        });

    private void WriteRecord(Utf8JsonWriter json, PackedRecord record)
    {
        string name = $"{StatementTypes.NameOf(record.Listed.Kind)} record {record.Signed.Record.Abbreviated}";
        Entity(json, BundleNames.Blob(record.Listed.Record.Digest), "File", () =>
        {
            json.WriteString("name", name);
            json.WriteString("encodingFormat", MediaTypes.Statement);
            json.WriteString("sha256", record.Listed.Record.Sha256);
        });
        Entity(json, BundleNames.Blob(record.Listed.Signature.Digest), "File", () =>
        {
            json.WriteString("name", $"signature of {name}");
            json.WriteString("encodingFormat", MediaTypes.CmsSignature);
            json.WriteString("sha256", record.Listed.Signature.Sha256);
            Reference(json, "about", BundleNames.Blob(record.Listed.Record.Digest));
        });
        switch (record.Predicate)
        {
            case RunRecord run:
                WriteRun(json, record, run);
                break;
            case ReplayRecord replay:
                WriteReplay(json, record, replay);
                break;
            case ImageRecord image:
                WriteImage(json, image);
                break;
            case EndorsementRecord endorsement:
                WriteEndorsement(json, record, endorsement);
                break;
        }
    }

    private void WriteRun(Utf8JsonWriter json, PackedRecord record, RunRecord run)
    {
        string program = $"#program-{record.Signed.Record.Hex}";
        var files = _ofRun[record.Signed.Record];
        Entity(json, ActionId(record), "CreateAction", () =>
        {
            json.WriteString("name", CommandText.Of(run.Invocation.Argv));
            json.WriteString("startTime", PrettyJson.OffsetTime(run.Outcome.StartedAt));
            json.WriteString("endTime", PrettyJson.OffsetTime(run.Outcome.EndedAt));
            Status(json, run.Outcome.ExitCode == 0, run.Outcome.Signal is { } signal ? $"ended by signal {signal}" : $"exit status {run.Outcome.ExitCode}");
            Reference(json, "agent", IdOf(record.Signer));
            Reference(json, "instrument", program);
            Reference(json, "containerImage", ImageId(run.Image.Manifest));
            References(json, "object", files.Used.Select(file => IdOf(file.Content)).Distinct());
            References(json, "result", files.Generated.Select(file => IdOf(file.Content)).Distinct());
            Reference(json, "subjectOf", BundleNames.Blob(record.Signed.Record));
        });
        Entity(json, program, "SoftwareApplication", () => json.WriteString("name", run.Invocation.Argv[0]));
    }

    private static void WriteReplay(Utf8JsonWriter json, PackedRecord record, ReplayRecord replay) =>
        Entity(json, ActionId(record), "CreateAction", () =>
        {
            json.WriteString("name", $"replay of run {replay.Run.Abbreviated}: {replay.Verdict.ToString().ToLowerInvariant()}");
            if (replay.Outcome is { } outcome)
            {
                json.WriteString("startTime", PrettyJson.OffsetTime(outcome.StartedAt));
                json.WriteString("endTime", PrettyJson.OffsetTime(outcome.EndedAt));
            }

            Status(json, replay.Verdict == ReplayVerdict.Reproduced, replay.Reason ?? "differs");
            Reference(json, "agent", IdOf(record.Signer));
            Reference(json, "instrument", IdOf(replay.Recorder));
            Reference(json, "object", BundleNames.Blob(replay.Run));
            Reference(json, "result", BundleNames.Blob(record.Signed.Record));
        });

    private static void WriteEndorsement(Utf8JsonWriter json, PackedRecord record, EndorsementRecord endorsement) =>
        Entity(json, ActionId(record), "EndorseAction", () =>
        {
            json.WriteString("name", $"endorsement of {StatementTypes.NameOf(endorsement.Kind)} {endorsement.Record.Digest.Abbreviated}");
            if (endorsement.Comment is { } comment)
            {
                json.WriteString("description", comment);
            }

            Reference(json, "agent", IdOf(record.Signer));
            Reference(json, "object", BundleNames.Blob(endorsement.Record.Digest));
            Reference(json, "result", BundleNames.Blob(record.Signed.Record));
        });

    private void WriteImage(Utf8JsonWriter json, ImageRecord image) =>
        Entity(json, ImageId(image.Manifest.Digest), "ContainerImage", () =>
        {
            json.WriteString("name", bundle.ImageNames.GetValueOrDefault(image.Manifest.Digest) ?? image.Manifest.Digest.Abbreviated);
            Reference(json, "additionalType", $"{Terms}#DockerImage");
            json.WriteString("sha256", image.Manifest.Digest.Hex);
        });

    private static void Status(Utf8JsonWriter json, bool completed, string error)
    {
        // A plain string: the validators of the profile take no reference here.
        json.WriteString("actionStatus", completed ? "http://schema.org/CompletedActionStatus" : "http://schema.org/FailedActionStatus");
        if (!completed)
        {
            json.WriteString("error", error);
        }
    }

    private string IdOf(Digest content) => _present.Contains(content) ? BundleNames.Blob(content) : $"#sha256-{content.Hex}";

    /// <summary>As the certificate has it, for whoever reads it to judge: the entity remains the certificate's, who may be anybody.</summary>
    private static void Write(Utf8JsonWriter json, SignerContacts contacts)
    {
        if (contacts.Orcid is { } orcid)
        {
            json.WriteString("identifier", Orcid.AddressOf(orcid));
        }

        if (contacts.Email is { } email)
        {
            json.WriteString("email", email);
        }
    }

    private static string IdOf(Signer signer) => $"#certificate-{signer.Certificate.Hex}";

    private static string IdOf(Recorder recorder) => $"#{recorder.Name}-{recorder.Version}";

    private static bool IsAction(PackedRecord record) => record.Predicate is RunRecord or ReplayRecord or EndorsementRecord;

    private static string ActionId(PackedRecord record) => $"#{StatementTypes.NameOf(record.Listed.Kind)}-{record.Signed.Record.Hex}";

    private static string ImageId(Digest manifest) => $"#image-{manifest.Hex}";

    private static Recorder RecorderOf(object predicate) => predicate switch
    {
        ImageRecord image => image.Recorder,
        RunRecord run => run.Recorder,
        ReplayRecord replay => replay.Recorder,
        CitationRecord citation => citation.Recorder,
        RotationRecord rotation => rotation.Recorder,
        RevocationRecord revocation => revocation.Recorder,
        TombstoneRecord tombstone => tombstone.Recorder,
        _ => ((EndorsementRecord)predicate).Recorder,
    };

    private static void Entity(Utf8JsonWriter json, string id, string type, Action members)
    {
        json.WriteStartObject();
        json.WriteString("@id", id);
        json.WriteString("@type", type);
        members();
        json.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter json, string name, string id)
    {
        json.WriteStartObject(name);
        json.WriteString("@id", id);
        json.WriteEndObject();
    }

    private static void References(Utf8JsonWriter json, string name, IEnumerable<string> ids)
    {
        json.WriteStartArray(name);
        foreach (string id in ids)
        {
            json.WriteStartObject();
            json.WriteString("@id", id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
