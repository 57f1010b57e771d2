using Provenance.Archive.Images;

namespace Provenance.Archive.Records;

/// <summary>The statement that an image was taken in.</summary>
public static class ImageStatement
{
    public static Statement<ImageRecord> Of(ImportedImage image) => new()
    {
        Subject =
        [
            new Subject
            {
                Name = "image",
                Digest = new DigestSet { Sha256 = image.Manifest.Digest.Hex, Sha512 = image.Manifest.Sha512 },
            },
        ],
        PredicateType = StatementTypes.Image,
        Predicate = image.Record,
    };
}
