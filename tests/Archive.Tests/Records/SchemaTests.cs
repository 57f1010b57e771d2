using System.Text;
using System.Text.Json.Nodes;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Records;

/// <summary>The JSON Schemas in schema/json say of each type what the program writes and reads: every member, and no other.</summary>
public sealed class SchemaTests
{
    private const string CommonDefinition = "common.schema.json#";

    // Words for people, and bounds that the C# type does not know.
    private static readonly string[] Annotations =
        ["$schema", "$comment", "$defs", "title", "description", "examples", "pattern", "minimum", "maximum", "minLength", "maxLength"];

    /// <summary>Where each type's schema stands: a file of its own, or among the definitions of one.</summary>
    private static readonly Dictionary<Type, string> Homes = new()
    {
        [typeof(ImageRecord)] = "image.schema.json",
        [typeof(ImageLayer)] = "image.schema.json#",
        [typeof(ImageOrigin)] = "image.schema.json#",
        [typeof(ImportUser)] = "image.schema.json#",
        [typeof(PackageInventory)] = "image.schema.json#",
        [typeof(PackageCount)] = "image.schema.json#",
        [typeof(UnreadPackageFile)] = "image.schema.json#",
        [typeof(RunRecord)] = "run.schema.json",
        [typeof(Invocation)] = "run.schema.json#",
        [typeof(RunUser)] = "run.schema.json#",
        [typeof(ResourceLimit)] = "run.schema.json#",
        [typeof(StandardInput)] = "run.schema.json#",
        [typeof(JobTerminal)] = "run.schema.json#",
        [typeof(RunImage)] = "run.schema.json#",
        [typeof(ImageChoice)] = "run.schema.json#",
        [typeof(EnvironmentVariable)] = "run.schema.json#",
        [typeof(Mount)] = "run.schema.json#",
        [typeof(InjectedFile)] = "run.schema.json#",
        [typeof(ReplacedFile)] = "run.schema.json#",
        [typeof(RunInjection)] = "run.schema.json#",
        [typeof(InjectionOptions)] = "run.schema.json#",
        [typeof(InjectedSource)] = "run.schema.json#",
        [typeof(InjectedPlace)] = "run.schema.json#",
        [typeof(FileList)] = "run.schema.json#",
        [typeof(LineList)] = "run.schema.json#",
        [typeof(NetworkUse)] = "run.schema.json#",
        [typeof(NetworkPeer)] = "run.schema.json#",
        [typeof(KernelCall)] = "run.schema.json#",
        [typeof(SourceTree)] = "run.schema.json#",
        [typeof(LoadedLibrary)] = "run.schema.json#",
        [typeof(Requirements)] = "run.schema.json#",
        [typeof(InstructionUse)] = "run.schema.json#",
        [typeof(FeatureChoice)] = "run.schema.json#",
        [typeof(StartDemand)] = "run.schema.json#",
        [typeof(CodeMaker)] = "run.schema.json#",
        [typeof(ApproximateCode)] = "run.schema.json#",
        [typeof(UnreadBinary)] = "run.schema.json#",
        [typeof(GpuCode)] = "run.schema.json#",
        [typeof(GpuImages)] = "run.schema.json#",
        [typeof(PtxCode)] = "run.schema.json#",
        [typeof(Hazard)] = "run.schema.json#",
        [typeof(Observation)] = "run.schema.json#",
        [typeof(Label)] = "run.schema.json#",
        [typeof(ReplayRecord)] = "replay.schema.json",
        [typeof(Assessment)] = "replay.schema.json#",
        [typeof(Finding)] = "replay.schema.json#",
        [typeof(CpuProbe)] = "replay.schema.json#",
        [typeof(Relocation)] = "replay.schema.json#",
        [typeof(ComparedOutput)] = "replay.schema.json#",
        [typeof(FirstDifference)] = "replay.schema.json#",
        [typeof(WorstDifference)] = "replay.schema.json#",
        [typeof(ComparisonTolerance)] = "replay.schema.json#",
        [typeof(OutputNoise)] = "replay.schema.json#",
        [typeof(ReplayExplanation)] = "replay.schema.json#",
        [typeof(ReplayChain)] = "replay.schema.json#",
        [typeof(ReplayTrial)] = "replay.schema.json#",
        [typeof(TrialOutput)] = "replay.schema.json#",
        [typeof(EndorsementRecord)] = "endorsement.schema.json",
        [typeof(CitationRecord)] = "citation.schema.json",
        [typeof(CitedFigure)] = "citation.schema.json#",
        [typeof(RotationRecord)] = "rotation.schema.json",
        [typeof(RevocationRecord)] = "revocation.schema.json",
        [typeof(TombstoneRecord)] = "tombstone.schema.json",
        [typeof(HostProfile)] = "host.schema.json",
        [typeof(CpuProfile)] = "host.schema.json#",
        [typeof(CpuCache)] = "host.schema.json#",
        [typeof(MemoryProfile)] = "host.schema.json#",
        [typeof(HugePages)] = "host.schema.json#",
        [typeof(KernelProfile)] = "host.schema.json#",
        [typeof(ProgramHandler)] = "host.schema.json#",
        [typeof(OperatingSystemProfile)] = "host.schema.json#",
        [typeof(NumaNode)] = "host.schema.json#",
        [typeof(GpuProfile)] = "host.schema.json#",
        [typeof(SchedulerProfile)] = "host.schema.json#",
        [typeof(TreeEntry)] = "tree-entry.schema.json",
        [typeof(TreeXattr)] = "tree-entry.schema.json#",
        [typeof(UsedFile)] = "used-file.schema.json",
        [typeof(GeneratedFile)] = "generated-file.schema.json",
        [typeof(SoughtPath)] = "sought-path.schema.json",
        [typeof(ExecutedProgram)] = "executed-program.schema.json",
        [typeof(DroppedBlob)] = "dropped-blob.schema.json",
        [typeof(OwningPackage)] = "owning-package.schema.json",
        [typeof(ImagePackage)] = "image-package.schema.json",
        [typeof(BundleManifest)] = "bundle.schema.json",
        [typeof(BundledRecord)] = "bundle.schema.json#",
        [typeof(BundledSeal)] = "bundle.schema.json#",
        [typeof(AbsentBlob)] = "bundle.schema.json#",
        [typeof(LogLeaf)] = "leaf.schema.json",
        [typeof(LeafBlob)] = "leaf.schema.json#",
        [typeof(Descriptor)] = CommonDefinition,
        [typeof(DigestSet)] = CommonDefinition,
        [typeof(Subject)] = CommonDefinition,
        [typeof(Recorder)] = CommonDefinition,
        [typeof(Platform)] = CommonDefinition,
        [typeof(SandboxReport)] = CommonDefinition,
        [typeof(Outcome)] = CommonDefinition,
        [typeof(StreamOutcome)] = CommonDefinition,
        [typeof(IllegalInstruction)] = CommonDefinition,
        [typeof(CpuPin)] = CommonDefinition,
    };

    private static readonly SchemaShape Shape = new(RecordJsonContext.Default.Options, Homes);

    public static TheoryData<string> Types =>
        [.. new[]
        {
            typeof(ImageRecord), typeof(RunRecord), typeof(ReplayRecord), typeof(EndorsementRecord), typeof(CitationRecord), typeof(RotationRecord), typeof(RevocationRecord),
            typeof(TombstoneRecord), typeof(HostProfile), typeof(Subject),
            typeof(TreeEntry), typeof(UsedFile), typeof(GeneratedFile), typeof(SoughtPath), typeof(ExecutedProgram),
            typeof(OwningPackage), typeof(ImagePackage), typeof(LogLeaf), typeof(DroppedBlob), typeof(BundleManifest),
        }.SelectMany(Shape.Objects).Distinct().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Schema_says_what_the_type_says(string name)
    {
        var type = Homes.Keys.Single(key => key.Name == name);
        var (file, definition) = Shape.HomeOf(type);
        var schema = Schema(file);

        var stated = definition is null ? schema : schema["$defs"]?[definition];

        Assert.True(stated is not null, $"{file} has no definition of {definition}");
        Assert.Equal(Sorted(Shape.Of(type)).ToJsonString(), Sorted(Stripped(stated)).ToJsonString());
    }

    [Fact]
    public void No_schema_defines_what_no_type_has()
    {
        string[] ofText = ["digest", "doi", "time", "sha256Hex", "sha512Hex", "sha1Hex", "md5Hex"];
        foreach (string path in Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Schema, "json"), "*.schema.json"))
        {
            string file = Path.GetFileName(path);
            var known = Homes.Keys.Select(Shape.HomeOf).Where(home => home.File == file).Select(home => home.Definition);
            var defined = Schema(file)["$defs"]?.AsObject().Select(pair => pair.Key) ?? [];

            Assert.Empty(defined.Except(known.OfType<string>()).Except(file == "common.schema.json" ? ofText : []));
        }
    }

    [Fact]
    public void Another_validator_takes_what_we_write_and_refuses_what_we_refuse()
    {
        Tool.Require("python3");
        Assert.SkipUnless(
            Tool.Run(".", "python3", "-c", "from jsonschema import Draft202012Validator").Status == 0,
            "the Python package jsonschema (Debian: python3-jsonschema) is not installed, or older than 4");
        using var folder = new TemporaryFolder();
        Write("image.statement.json", RecordJson.Serialize(RecordSamples.Image()));
        Write("run.statement.json", RecordJson.Serialize(RecordSamples.Run() with { Signer = RecordSamples.Blob("key").Digest }));
        Write("replay.statement.json", RecordJson.Serialize(RecordSamples.Replay()));
        Write("endorsement.statement.json", RecordJson.Serialize(RecordSamples.Endorsement()));
        Write("citation.statement.json", RecordJson.Serialize(RecordSamples.Citation()));
        Write("rotation.statement.json", RecordJson.Serialize(RecordSamples.Rotation()));
        Write("revocation.statement.json", RecordJson.Serialize(RecordSamples.Revocation()));
        Write("tombstone.statement.json", RecordJson.Serialize(RecordSamples.Tombstone()));
        Write("x.host.json", HostProfileJson.Serialize(RecordSamples.Host()));
        string script = Path.Combine(RepositoryFolder.Root, "tests", "Archive.Tests", "Records", "validate.py");

        var (status, output) = Tool.Run(folder.Path, "python3", script, Path.Combine(RepositoryFolder.Schema, "json"));

        Assert.True(status == 0, output);

        string run = Encoding.UTF8.GetString(RecordJson.Serialize(RecordSamples.Run() with { Signer = RecordSamples.Blob("key").Digest }));
        foreach (var (text, replacement) in new[]
        {
            ("\"argv\":", "\"argue\":"),
            ("\"affinity\":\"0-1\",", ""),
            ("\"manifest\":\"sha256:", "\"manifest\":\"sha512:"),
            ("04:05:06.789Z", "04:05:06Z"),
            ("\"signer\":\"sha256:", "\"signer\":\""),
            ("urn:x-prov:run/v1", "urn:x-prov:image/v1"),
        })
        {
            Write("run.statement.json", Encoding.UTF8.GetBytes(run.Replace(text, replacement, StringComparison.Ordinal)));
            Assert.NotEqual(0, Tool.Run(folder.Path, "python3", script, Path.Combine(RepositoryFolder.Schema, "json")).Status);
        }

        void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(folder.Path, name), content);
    }

    private static JsonObject Schema(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Schema, "json", file)))!.AsObject();

    /// <summary>Without annotations, except where a member of an object has an annotation's name.</summary>
    private static JsonNode Stripped(JsonNode node, bool isMembers = false) => node switch
    {
        JsonObject members => new JsonObject(members
            .Where(pair => isMembers || !Annotations.Contains(pair.Key))
            .Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Stripped(pair.Value!, pair.Key == "properties" && !isMembers)))),
        JsonArray array => new JsonArray([.. array.Select(item => Stripped(item!))]),
        _ => node.DeepClone(),
    };

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create<string, JsonNode?>(
                pair.Key, pair.Key == "required" ? Ordered(pair.Value!) : Sorted(pair.Value!)))),
        JsonArray array => new JsonArray([.. array.Select(item => Sorted(item!))]),
        _ => node.DeepClone(),
    };

    private static JsonArray Ordered(JsonNode names) =>
        [.. names.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))];
}
