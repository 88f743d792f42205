using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Inference;
using Rectify.Tests.Data;

namespace Rectify.Tests.Samples;

/// <summary>The programs under samples/, run as their readers would run them, on built-in pictures.</summary>
[Trait("Width", "any")]
public sealed partial class SampleTests
{
    private const int Sigterm = 15;

    [Fact]
    public async Task TrainFolderAndClassifyWeb_BuiltInPictures_TrainAndAnswer()
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: eng/setup.sh");
        using TemporaryFolder folder = new();
        RenderedDataset data = new(60, 32, seed: 1);
        for (int i = 0; i < data.Count; i++)
        {
            _ = folder.Add($"photos/{data.Classes[data.Label(i)]}/{i}.png", TestPictures.Png(data.Read(i)));
        }

        (int code, string output, string errors) = SampleProcess.Run("TrainFolder", folder.Root, "photos", "runs/mine", "1");
        Assert.True(code == 0, errors);
        Assert.Matches(@"epoch 1: loss \d\.\d+, validation error \d+\.\d %\n", output);
        Assert.Matches(@"top-1 error \d+\.\d % on \d+ photos", output);
        Assert.Equal(1, SampleProcess.Run("TrainFolder", folder.Root, "nowhere", "runs/other").Code);
        await AskTheServer(folder, data);
    }

    [Fact]
    public void DiagnoseNetwork_ThirtyLayers_HeIsHealthyAndXavierVanishes()
    {
        using TemporaryFolder folder = new();
        (int code, string output, string errors) = SampleProcess.Run("DiagnoseNetwork", folder.Root);
        Assert.True(code == 0, errors);
        Assert.Contains("he-out: healthy:", output, StringComparison.Ordinal);
        Assert.Contains("xavier: stalls:", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'), line => line == "  to do: use --init he-out");
        Assert.Contains("conv25", output, StringComparison.Ordinal);
    }

    private static async Task AskTheServer(TemporaryFolder folder, RenderedDataset data)
    {
        using Process server = Process.Start(SampleProcess.Of("ClassifyWeb", folder.Root, "runs/mine", "--urls", "http://127.0.0.1:0"))!;
        try
        {
            using HttpClient client = new() { BaseAddress = await AddressOf(server) };
            Assert.Equal(data.Classes.Order(StringComparer.Ordinal), await client.GetFromJsonAsync<string[]>("classes"));

            // Many at once, each with its own answer: as the classifier gives it in this process.
            using Classifier classifier = Classifier.Load(folder.At("runs/mine"), new ClassifierOptions { Top = 3 });
            byte[][] files = [.. Enumerable.Range(0, 24).Select(i => TestPictures.Png(data.Read(i)))];
            HttpResponseMessage[] answers = await Task.WhenAll(files.Select(file => client.PostAsync("classify", new ByteArrayContent(file))));
            for (int i = 0; i < files.Length; i++)
            {
                Assert.Equal(HttpStatusCode.OK, answers[i].StatusCode);
                Assert.Equal(classifier.Classify(files[i]), (await answers[i].Content.ReadFromJsonAsync<Prediction[]>())!);
            }

            using HttpResponseMessage refused = await client.PostAsync("classify", new ByteArrayContent([1, 2, 3]));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("not a JPEG or PNG", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            Assert.Equal(0, Send(server.Id, Sigterm));
            Assert.True(server.WaitForExit(TimeSpan.FromMinutes(1)), "The server does not stop.");
            Assert.Equal(0, server.ExitCode);
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
            }
        }
    }

    // The port is free because the system chose it; the server says which it is.
    private static async Task<Uri> AddressOf(Process server)
    {
        Task<string> errors = server.StandardError.ReadToEndAsync();
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                // What it prints from here on is read, or it would wait for a reader.
                _ = server.StandardOutput.ReadToEndAsync();
                return new Uri(string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}/"));
            }
        }

        throw new InvalidOperationException($"The server ended: {await errors}");
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
