using System.CommandLine;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;
using Provenance.Runtime.Analysis;

namespace Provenance.Cli.Commands;

/// <summary><c>prov image show</c>.</summary>
internal sealed class ImageShowCommand : CliCommand
{
    private readonly Argument<string> _image = new("IMAGE") { Description = "a name, or the beginning of a digest" };
    private readonly Option<bool> _json = SharedOptions.Json(
        "print the image's record: the exact bytes that were signed; or of an index its images, or the requirements or packages");
    private readonly Option<bool> _requirements = new("--requirements")
    {
        Description = "find out what its entry point and the libraries of that ask of a processor",
    };

    private readonly Option<bool> _packages = new("--packages") { Description = "list the packages that it has, as its record does" };

    private readonly Option<string> _program = SharedOptions.Single(
        "--program", null, "PATH", "with --requirements: of this program of the image instead");

    public ImageShowCommand()
        : base("show", "show what an image is, holds and was made from")
    {
        Arguments.Add(_image);
        Options.Add(_json);
        Options.Add(_requirements);
        Options.Add(_packages);
        Options.Add(_program);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image show debian", "a page to read"),
        new("prov image show debian --json | jq .predicate.layers", "its layers, out of the signed record"),
        new("prov image show debian --packages", "what dpkg, rpm, apk, conda, pip, Spack and EasyBuild say is installed in it"),
        new("prov image show debian --requirements --program python3", "which processors its python3 runs on"),
    ];

    public override int Execute(CommandCall call)
    {
        if (call.Value(_requirements))
        {
            if (call.Value(_packages))
            {
                throw new UsageException("--requirements and --packages are two questions: ask one");
            }

            return ShowRequirements(call);
        }

        if (call.Value(_program) is not null)
        {
            throw new UsageException("--program is for --requirements");
        }

        if (call.Value(_packages))
        {
            return ShowPackages(call);
        }

        string reference = call.Value(_image)!;
        var images = call.Workbench.Images;
        var found = images.Find(reference);
        if (found is null && images.FindIndex(reference) is { } index)
        {
            return Show(call, index);
        }

        var image = found ?? images.Resolve(reference);
        if (!call.Value(_json))
        {
            ImagePage.Print(image, call.Workbench);
            return ExitCodes.Success;
        }

        var record = image.Record ?? throw new UsageException($"image '{call.Value(_image)}' has no record");
        call.Terminal.Raw(call.Workbench.Blobs.Read(record, Workbench.MaxStatementBytes));
        return ExitCodes.Success;
    }

    private int Show(CommandCall call, NamedIndex index)
    {
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(ImageSummary.Of(index), CliJson.Default.ImageSummary));
        }
        else
        {
            ImagePage.Print(index, call.Workbench);
        }

        return ExitCodes.Success;
    }

    private int ShowRequirements(CommandCall call)
    {
        string reference = call.Value(_image)!;
        if (call.Workbench.Images.Find(reference) is null && call.Workbench.Images.FindIndex(reference) is { } index)
        {
            return ShowRequirements(call, index);
        }

        var image = call.Workbench.Images.Resolve(reference);
        var (program, requirements) = Find(call, image);
        if (call.Value(_json))
        {
            call.Terminal.Raw(RequirementsJson.Serialize(requirements));
        }
        else
        {
            RequirementsPage.Print($"requirements of {program} in {image.Name ?? image.Manifest.Digest.Abbreviated}", requirements, call.Terminal);
        }

        return ExitCodes.Success;
    }

    private int ShowPackages(CommandCall call)
    {
        var image = call.Workbench.Images.Resolve(call.Value(_image)!);
        var inventory = RecordedImage.Find(image, call.Workbench)?.Packages
            ?? throw new UsageException(
                $"image '{call.Value(_image)}': its record does not list packages, for an earlier version wrote it; import the image again");
        var packages = RecordedImage.Packages(inventory, call.Workbench);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(packages.ToArray(), CliJson.Default.ImagePackageArray));
        }
        else
        {
            PackagesPage.Print(inventory, packages, call.Terminal);
        }

        return ExitCodes.Success;
    }

    /// <summary>Of each variant: they are other builds of the same.</summary>
    private int ShowRequirements(CommandCall call, NamedIndex index)
    {
        var found = new List<VariantRequirements>();
        foreach (var variant in index.Variants)
        {
            bool isAnalysed = ImageRequirements.Knows(variant.Platform.Architecture);
            (string? program, Requirements? requirements) = isAnalysed
                ? Find(call, call.Workbench.Images.Resolve(variant.Manifest.Digest.ToString()))
                : (null!, null!);
            found.Add(new VariantRequirements { Platform = variant.Platform.ToString(), Program = program, Requirements = requirements });
            if (call.Value(_json))
            {
                continue;
            }

            if (requirements is null)
            {
                call.Terminal.Heading($"requirements of {index.Name} for {variant.Platform}");
                call.Terminal.Line("  not analysed: only programs for x86-64 and arm64 are");
            }
            else
            {
                RequirementsPage.Print($"requirements of {program} in {index.Name} for {variant.Platform}", requirements, call.Terminal);
            }
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(found.ToArray(), CliJson.Default.VariantRequirementsArray));
        }

        return ExitCodes.Success;
    }

    private (string Program, Requirements Requirements) Find(CommandCall call, StoredImage image)
    {
        var workbench = call.Workbench;
        if (call.Value(_program) is null && RecordedImage.Find(image, workbench) is { Program: { } recorded, Requirements: { } known })
        {
            return (recorded, known);
        }

        using var use = workbench.Rootfs.Use(image.Tree);
        string rootfs = workbench.Rootfs.Find(image.Tree) ?? new ImageArrival(workbench).Unpack(image);
        return ImageRequirements.Find(image, rootfs, call.Value(_program), workbench.Layout, workbench.Time, CancellationToken.None);
    }
}
