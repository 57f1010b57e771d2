using System.IO.Compression;

namespace Provenance.Archive.Tests.Images;

/// <summary>What package managers leave in images, cut from real ones.</summary>
internal static class PackageSamples
{
    /// <summary>Of conda 24: micromamba's environment of one package, without most of its files.</summary>
    public static byte[] Conda =>
        """
        {
          "arch": "x86_64",
          "build": "py311h64a7726_0",
          "build_number": 0,
          "channel": "https://conda.anaconda.org/conda-forge/linux-64",
          "depends": ["libblas >=3.9.0,<4.0a0", "python >=3.11,<3.12.0a0"],
          "files": ["lib/python3.11/site-packages/numpy/__init__.py"],
          "link": {"source": "/opt/pkgs/numpy-1.26.4-py311h64a7726_0", "type": 1},
          "name": "numpy",
          "paths_data": {"paths": [{"_path": "bin/f2py", "name": "not this one"}], "paths_version": 1},
          "subdir": "linux-64",
          "version": "1.26.4"
        }
        """u8.ToArray();

    /// <summary>Of Spack 0.21: one that is installed, one that was found on the host, one that is not there any more.</summary>
    public static byte[] SpackIndex =>
        """
        {"database": {"version": "7", "installs": {
          "zxcvbn7h2k5r4fgaxy6dqo3tn2yl4m5p": {
            "spec": {"name": "openblas", "version": "0.3.24",
              "arch": {"platform": "linux", "platform_os": "debian12", "target": {"name": "zen3", "vendor": "AuthenticAMD", "features": ["avx2"]}},
              "compiler": {"name": "gcc", "version": "12.2.0"}, "namespace": "builtin", "parameters": {"threads": "openmp"},
              "hash": "zxcvbn7h2k5r4fgaxy6dqo3tn2yl4m5p"},
            "path": "/opt/spack/openblas", "installed": true, "ref_count": 1, "explicit": true},
          "aaaabbbbccccddddeeeeffffgggghhhh": {
            "spec": {"name": "perl", "version": "5.36.0", "external": {"path": "/usr", "module": null}, "hash": "aaaabbbbccccddddeeeeffffgggghhhh"},
            "path": "/usr", "installed": true},
          "iiiijjjjkkkkllllmmmmnnnnoooopppp": {
            "spec": {"name": "gone", "version": "1"}, "path": null, "installed": false}}}}
        """u8.ToArray();

    /// <summary>Of Spack 0.21, beside the package.</summary>
    public static byte[] SpackSpec =>
        """
        {"spec": {"_meta": {"version": 4}, "nodes": [
          {"name": "zlib-ng", "version": "2.1.4", "arch": {"platform": "linux", "platform_os": "debian12", "target": "x86_64_v3"}, "hash": "hhhh"},
          {"name": "gmake", "version": "4.4.1", "hash": "iiii"}]}}
        """u8.ToArray();

    public static byte[] Metadata =>
        "Metadata-Version: 2.1\nName: ruamel.yaml\nVersion: 0.17.21\nSummary: YAML\nClassifier: x\n\nName: of nothing, this is the description\n"u8.ToArray();

    /// <summary>As EasyBuild's own repository has it, shortened.</summary>
    public static byte[] Recipe =>
        """
        name = 'HDF5'
        version = '1.14.0'
        versionsuffix = '-serial'

        homepage = 'https://portal.hdfgroup.org/display/support'
        description = "HDF5 is a data model"

        toolchain = {'name': 'gompi', 'version': '2022b'}
        toolchainopts = {'pic': True}
        version_major_minor = '.'.join(version.split('.')[:2])
        """u8.ToArray();

    /// <summary>A database of rpm: see tests/Vectors/README.md.</summary>
    /// <param name="kind"><c>sqlite</c>, <c>ndb</c> or <c>bdb</c>.</param>
    public static byte[] Rpm(string kind)
    {
        string name = kind switch { "sqlite" => "rpmdb.sqlite", "ndb" => "Packages.db", _ => "Packages" };
        using var packed = new GZipStream(File.OpenRead(Path.Combine(RepositoryFolder.Vectors, "rpm", $"{name}.gz")), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        packed.CopyTo(whole);
        return whole.ToArray();
    }
}
