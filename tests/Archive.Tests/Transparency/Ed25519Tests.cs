using System.Text;
using CsCheck;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class Ed25519Tests
{
    /// <summary>RFC 8032 §7.1: secret key, public key, message, signature.</summary>
    public static TheoryData<string, string, string, string> Published => new()
    {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
        {
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Keys_and_signatures_are_those_of_RFC_8032(string seed, string publicKey, string message, string signature)
    {
        byte[] key = Convert.FromHexString(seed);
        byte[] text = Convert.FromHexString(message);

        Assert.Equal(publicKey, Convert.ToHexStringLower(Ed25519.PublicKey(key)));
        Assert.Equal(signature, Convert.ToHexStringLower(Ed25519.Sign(key, text)));
        Assert.True(Ed25519.Verify(Convert.FromHexString(publicKey), text, Convert.FromHexString(signature)));
    }

    [Fact]
    public void No_other_signature_of_one_bit_holds()
    {
        byte[] seed = Ed25519.NewSeed();
        byte[] message = "checkpoint"u8.ToArray();
        byte[] signature = Ed25519.Sign(seed, message);
        for (int bit = 0; bit < signature.Length * 8; bit++)
        {
            byte[] flipped = [.. signature];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(Ed25519.Verify(Ed25519.PublicKey(seed), message, flipped), $"bit {bit}");
        }
    }

    /// <summary>RFC 8032 §5.1.7: S must be below the group order, else every signature has another form.</summary>
    [Fact]
    public void A_scalar_that_is_not_reduced_is_refused()
    {
        byte[] order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        byte[] seed = Ed25519.NewSeed();
        byte[] signature = Ed25519.Sign(seed, "m"u8.ToArray());
        int carry = 0;
        for (int i = 0; i < order.Length; i++)
        {
            carry += signature[32 + i] + order[i];
            signature[32 + i] = (byte)carry;
            carry >>= 8;
        }

        Assert.False(Ed25519.Verify(Ed25519.PublicKey(seed), "m"u8.ToArray(), signature));
    }

    [Fact]
    public void OpenSsl_verifies_what_we_sign() => Gen.String[0, 200].Sample(
        text =>
        {
            Tool.Require("openssl");
            using var folder = new TemporaryFolder();
            var key = NoteKey.Create("log.example", NoteKeyRole.Log);
            byte[] message = Encoding.UTF8.GetBytes(text);
            File.WriteAllText(Path.Combine(folder.Path, "key.pem"), key.ToText());
            File.WriteAllBytes(Path.Combine(folder.Path, "message"), message);
            File.WriteAllBytes(Path.Combine(folder.Path, "signature"), key.Sign(text).Bytes.ToArray());

            // Neither openssl 3.0 nor we sign an empty file through a pipe: it wants to know the size.
            if (message.Length == 0)
            {
                return;
            }

            var (status, output) = Tool.Run(
                folder.Path, "openssl", "pkeyutl", "-verify", "-rawin", "-inkey", "key.pem", "-in", "message", "-sigfile", "signature");
            Assert.True(status == 0, output);
        },
        iter: 10,
        threads: 1);
}
