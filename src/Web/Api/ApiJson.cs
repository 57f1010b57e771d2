using System.Text.Json.Serialization;
using Provenance.Archive.Differences;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Web.Api;

/// <summary>The JSON of the API. Records stand in it as they were signed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Assessment))]
[JsonSerializable(typeof(DifferenceSection[]))]
[JsonSerializable(typeof(HostProfile))]
[JsonSerializable(typeof(LookupDocument))]
[JsonSerializable(typeof(FileListDocument))]
[JsonSerializable(typeof(ImageFullDocument))]
[JsonSerializable(typeof(ImageListDocument))]
[JsonSerializable(typeof(LogDocument))]
[JsonSerializable(typeof(PackageListDocument))]
[JsonSerializable(typeof(PaperDocument))]
[JsonSerializable(typeof(PaperListDocument))]
[JsonSerializable(typeof(ReplayListDocument))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(RunListDocument))]
[JsonSerializable(typeof(SignerListDocument))]
[JsonSerializable(typeof(StatisticsDocument))]
[JsonSerializable(typeof(TombstoneListDocument))]
[JsonSerializable(typeof(VerificationDocument))]
[JsonSerializable(typeof(VerificationCheck))]
internal sealed partial class ApiJson : JsonSerializerContext;
