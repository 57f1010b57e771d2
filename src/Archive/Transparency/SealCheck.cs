using System.Security.Cryptography;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>
/// Verifies seals: that each lists what the log holds, and the seal before, and that its token is over that list. Each once, for all who ask.
/// </summary>
public sealed class SealCheck
{
    private readonly TransparencyLog _log;
    private readonly TimestampAuthorities _authorities;
    private readonly IReadOnlyList<Seal> _seals;
    private readonly Dictionary<int, TimestampVerification> _verified = [];
    private readonly Lock _lock = new();

    /// <exception cref="LogException">A seal is missing.</exception>
    public SealCheck(StoreLayout layout, FolderSync sync, TimestampAuthorities authorities)
        : this(layout, new TransparencyLog(layout, sync), authorities)
    {
    }

    internal SealCheck(StoreLayout layout, TransparencyLog log, TimestampAuthorities authorities)
    {
        _log = log;
        _authorities = authorities;
        _seals = Seal.List(layout);
    }

    internal IReadOnlyList<Seal> All => _seals;

    /// <summary>The time that the first seal over an entry of the log proves.</summary>
    /// <param name="index">Of the entry.</param>
    /// <returns>Null when no seal covers it.</returns>
    /// <exception cref="ArchiveException">The seal is damaged, or its token is not over it.</exception>
    public TimestampVerification? Find(long index) =>
        _seals.FirstOrDefault(seal => index >= seal.From && index < seal.Size) is { } seal ? Verify(seal) : null;

    /// <exception cref="LogException">The seal is damaged, or its token is not over it.</exception>
    internal TimestampVerification Verify(Seal seal)
    {
        lock (_lock)
        {
            return VerifyOnce(seal);
        }
    }

    private TimestampVerification VerifyOnce(Seal seal)
    {
        if (_verified.TryGetValue(seal.Number, out var known))
        {
            return known;
        }

        CheckLines(seal);
        try
        {
            byte[] token = ReadToken(seal);
            var verified = TimestampToken.Verify(token, name => HashOf(seal.SumsPath, name), _authorities);
            _verified.Add(seal.Number, verified);
            return verified;
        }
        catch (CmsException e)
        {
            throw new LogException($"seal '{seal.Folder}': {e.Reason}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogException($"seal '{seal.Folder}': {e.Message.TrimEnd('.')}");
        }
    }

    private static byte[] ReadToken(Seal seal)
    {
        using var file = File.OpenRead(seal.TokenPath);
        if (file.Length > TimestampToken.MaxBytes)
        {
            throw new LogException($"seal '{seal.TokenPath}': has {file.Length} bytes, at most {TimestampToken.MaxBytes} expected");
        }

        byte[] token = new byte[file.Length];
        file.ReadExactly(token);
        return token;
    }

    private static byte[] HashOf(string path, HashAlgorithmName name)
    {
        using var file = File.OpenRead(path);
        return CryptographicOperations.HashData(name, file);
    }

    private void CheckLines(Seal seal)
    {
        if (seal.Size > _log.Size)
        {
            throw new LogException($"seal '{seal.Folder}': is of {seal.Size} entries, and the log has {_log.Size}");
        }

        var before = seal.Number > 1 ? _seals[seal.Number - 2] : null;
        long number = 0;
        try
        {
            using var lines = File.ReadLines(seal.SumsPath).GetEnumerator();
            foreach (string expected in SealSums.Lines(seal, before, _log))
            {
                number++;
                if (!lines.MoveNext() || lines.Current != expected)
                {
                    throw new LogException($"seal '{seal.SumsPath}': line {number} is not what the log, or the seal before, has");
                }
            }

            if (lines.MoveNext())
            {
                throw new LogException($"seal '{seal.SumsPath}': has more lines than {number}");
            }
        }
        catch (IOException e)
        {
            throw new LogException($"seal '{seal.Folder}': {e.Message.TrimEnd('.')}");
        }
    }
}
