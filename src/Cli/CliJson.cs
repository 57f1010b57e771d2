using System.Text.Json.Serialization;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>The JSON that commands print and that is no record: records print their own bytes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ArchiveStatus))]
[JsonSerializable(typeof(Assessment))]
[JsonSerializable(typeof(AuditSummary))]
[JsonSerializable(typeof(BackupReport))]
[JsonSerializable(typeof(ChainReport))]
[JsonSerializable(typeof(ChainStepReport[]))]
[JsonSerializable(typeof(DifferenceReport))]
[JsonSerializable(typeof(FileSummary[]))]
[JsonSerializable(typeof(FsckReport))]
[JsonSerializable(typeof(GcSummary))]
[JsonSerializable(typeof(HostAssessment[]))]
[JsonSerializable(typeof(ImageSummary))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(ImportReport[]))]
[JsonSerializable(typeof(ImageSummary[]))]
[JsonSerializable(typeof(ImagePackage[]))]
[JsonSerializable(typeof(LineageReport))]
[JsonSerializable(typeof(PushSummary))]
[JsonSerializable(typeof(PushSummary[]))]
[JsonSerializable(typeof(RemovedImage[]))]
[JsonSerializable(typeof(ReindexReport))]
[JsonSerializable(typeof(RepairReport))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(RunSummary[]))]
[JsonSerializable(typeof(RestrictionSummary[]))]
[JsonSerializable(typeof(ReviewSummary[]))]
[JsonSerializable(typeof(StoredKey))]
[JsonSerializable(typeof(StoredKey[]))]
[JsonSerializable(typeof(TokenSummary[]))]
[JsonSerializable(typeof(TrustedCertificate))]
[JsonSerializable(typeof(TrustedCertificate[]))]
[JsonSerializable(typeof(VariantRequirements[]))]
[JsonSerializable(typeof(VerificationReport[]))]
internal sealed partial class CliJson : JsonSerializerContext;
