using System.Globalization;
using System.Text.Json;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>A bundle in the words of W3C PROV: contents are entities, runs and replays activities, who signed agents.</summary>
/// <remarks>Source: The PROV-JSON Serialization (W3C Member Submission, 24 April 2013). Derived from the records; nobody has signed it.</remarks>
internal sealed class ProvJson(Bundle bundle, BlobStore blobs)
{
    private readonly SortedDictionary<string, Action<Utf8JsonWriter>> _entities = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Action<Utf8JsonWriter>> _activities = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Action<Utf8JsonWriter>> _agents = new(StringComparer.Ordinal);
    private readonly List<Action<Utf8JsonWriter>> _used = [];
    private readonly List<Action<Utf8JsonWriter>> _generated = [];
    private readonly List<Action<Utf8JsonWriter>> _associated = [];
    private readonly List<Action<Utf8JsonWriter>> _influenced = [];
    private readonly List<Action<Utf8JsonWriter>> _attributed = [];

    public byte[] ToBytes()
    {
        foreach (var record in bundle.Records)
        {
            Collect(record);
        }

        return PrettyJson.Of(Write);
    }

    private void Collect(PackedRecord record)
    {
        string agent = $"certificate:{record.Signer.Certificate.Hex}";
        _agents.TryAdd(agent, json =>
        {
            Type(json, "prov:Person");
            json.WriteString("prov:label", record.Signer.Name);
        });
        switch (record.Predicate)
        {
            case ImageRecord image:
                _entities.TryAdd(Image(image.Manifest.Digest), json => json.WriteString("prov:label", $"container image for {image.Platform}"));
                break;
            case RunRecord run:
                Collect(run, $"run:{record.Signed.Record.Hex}", agent);
                break;
            case ReplayRecord replay:
                Collect(replay, $"replay:{record.Signed.Record.Hex}", agent);
                break;
            case CitationRecord citation:
                Collect(citation, agent);
                break;
            case EndorsementRecord endorsement:
                Collect(endorsement, $"endorsement:{record.Signed.Record.Hex}", agent);
                break;
        }
    }

    private void Collect(RunRecord run, string activity, string agent)
    {
        _activities.TryAdd(activity, json =>
        {
            Times(json, run.Outcome);
            json.WriteString("prov:label", CommandText.Of(run.Invocation.Argv));
        });
        _used.Add(json => Relation(json, activity, Image(run.Image.Manifest), "image"));
        var files = RunFiles.Of(run, blobs);
        Relate(files.Used, activity, _used);
        Relate(files.Generated, activity, _generated);
        _associated.Add(json => Association(json, activity, agent));
    }

    private void Collect(ReplayRecord replay, string activity, string agent)
    {
        _activities.TryAdd(activity, json =>
        {
            if (replay.Outcome is { } outcome)
            {
                Times(json, outcome);
            }

            json.WriteString("prov:label", $"replay: {replay.Verdict.ToString().ToLowerInvariant()}");
        });
        _associated.Add(json => Association(json, activity, agent));
        _influenced.Add(json =>
        {
            json.WriteString("prov:influencee", activity);
            json.WriteString("prov:influencer", $"run:{replay.Run.Hex}");
        });
    }

    private void Collect(EndorsementRecord endorsement, string activity, string agent)
    {
        string what = $"{StatementTypes.NameOf(endorsement.Kind)} record";
        string endorsed = $"sha256:{endorsement.Record.Sha256}";
        _activities.TryAdd(activity, json => json.WriteString("prov:label", endorsement.Comment ?? $"endorsement of a {what}"));
        _entities.TryAdd(endorsed, json => json.WriteString("prov:label", what));
        _used.Add(json => Relation(json, activity, endorsed, what));
        _associated.Add(json => Association(json, activity, agent));
    }

    /// <summary>A paper is an entity that was derived from the figures it shows, and the run influenced it.</summary>
    private void Collect(CitationRecord citation, string agent)
    {
        string paper = $"doi:{Uri.EscapeDataString(citation.Doi.ToString())}";
        _entities.TryAdd(paper, json =>
        {
            json.WriteString("prov:label", citation.Title ?? $"doi:{citation.Doi}");
            json.WriteString("prov:location", citation.Doi.Address);
        });
        _influenced.Add(json =>
        {
            json.WriteString("prov:influencee", paper);
            json.WriteString("prov:influencer", $"run:{citation.Run.Sha256}");
        });
        _attributed.Add(json =>
        {
            json.WriteString("prov:entity", paper);
            json.WriteString("prov:agent", agent);
            json.WriteString("prov:label", "who says that the paper rests on the run");
        });
    }

    private void Relate(IReadOnlyList<RunFile> files, string activity, List<Action<Utf8JsonWriter>> relations)
    {
        foreach (var file in files)
        {
            string entity = $"sha256:{file.Content.Hex}";
            _entities.TryAdd(entity, json =>
            {
                json.WriteString("prov:label", file.Name);
                json.WriteString("prov:location", file.Path);
                json.WriteString("x-prov:size", file.Size.ToString(CultureInfo.InvariantCulture));
            });
            relations.Add(json => Relation(json, activity, entity, file.Path));
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("prefix");
        foreach (string kind in (string[])["certificate", "endorsement", "image", "replay", "run", "sha256"])
        {
            json.WriteString(kind, $"urn:x-prov:{kind}:");
        }

        json.WriteString("doi", "https://doi.org/");
        json.WriteString("x-prov", "urn:x-prov:");
        json.WriteEndObject();
        Section(json, "entity", _entities);
        Section(json, "activity", _activities);
        Section(json, "agent", _agents);
        Section(json, "used", Numbered("u", _used));
        Section(json, "wasGeneratedBy", Numbered("g", _generated));
        Section(json, "wasAssociatedWith", Numbered("a", _associated));
        Section(json, "wasInfluencedBy", Numbered("i", _influenced));
        Section(json, "wasAttributedTo", Numbered("t", _attributed));
    }

    private static void Section(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, Action<Utf8JsonWriter>>> items)
    {
        json.WriteStartObject(name);
        foreach (var (id, members) in items)
        {
            json.WriteStartObject(id);
            members(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Relations have no names of their own: blank nodes.</summary>
    private static IEnumerable<KeyValuePair<string, Action<Utf8JsonWriter>>> Numbered(string letter, List<Action<Utf8JsonWriter>> relations) =>
        relations.Select((members, index) => KeyValuePair.Create(
            string.Create(CultureInfo.InvariantCulture, $"_:{letter}{index + 1}"), members));

    private static void Relation(Utf8JsonWriter json, string activity, string entity, string role)
    {
        json.WriteString("prov:activity", activity);
        json.WriteString("prov:entity", entity);
        json.WriteString("prov:role", role);
    }

    private static void Association(Utf8JsonWriter json, string activity, string agent)
    {
        json.WriteString("prov:activity", activity);
        json.WriteString("prov:agent", agent);
    }

    private static void Times(Utf8JsonWriter json, Outcome outcome)
    {
        json.WriteString("prov:startTime", PrettyJson.Time(outcome.StartedAt));
        json.WriteString("prov:endTime", PrettyJson.Time(outcome.EndedAt));
    }

    private static void Type(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject("prov:type");
        json.WriteString("$", name);
        json.WriteString("type", "prov:QUALIFIED_NAME");
        json.WriteEndObject();
    }

    private static string Image(Digest manifest) => $"image:{manifest.Hex}";
}
